import { isAmfObject, type AmfObject, type AmfValue } from '../amf/amf-value.js';

/** A place in a file where a decoder can begin. */
export interface FlvKeyframe {
  /** Microseconds. */
  readonly timestamp: number;
  /** Of the tag, in bytes from the beginning of the file. */
  readonly position: number;
}

/**
 * Looks up in the index of onMetaData (`keyframes.times` and `keyframes.filepositions`) where to go on reading, with a
 * demuxer that `startsWith` a tag, after the configurations at the beginning of the file.
 *
 * @param timestamp microseconds.
 * @returns the last keyframe at or before that time, or the first one; undefined when there is no index, or one that
 * makes no sense.
 */
export function findFlvKeyframe(metadata: AmfObject, timestamp: number): FlvKeyframe | undefined {
  const index = Object.hasOwn(metadata, 'keyframes') ? metadata['keyframes'] : undefined;
  if (!isAmfObject(index)) return undefined;
  const times = numbers(index['times']);
  const positions = numbers(index['filepositions']);
  if (times === undefined || times.length !== positions?.length) return undefined;
  let found = 0;
  for (const [at, seconds] of times.entries()) {
    if (seconds * 1e6 <= timestamp && seconds >= (times[found] ?? 0)) found = at;
  }
  const [seconds, position] = [times[found], positions[found]];
  if (seconds === undefined || position === undefined) return undefined;
  return { timestamp: Math.round(seconds * 1e6), position };
}

/** @returns undefined when it is anything but an array of numbers that may be a time or a place. */
function numbers(value: AmfValue): number[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const all: number[] = [];
  for (const each of value) {
    if (typeof each !== 'number' || !Number.isFinite(each) || each < 0) return undefined;
    all.push(each);
  }
  return all;
}
