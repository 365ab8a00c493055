import { ByteReader } from '../bytes/byte-reader.js';
import type { ByteWriter } from '../bytes/byte-writer.js';
import { MalformedError } from '../bytes/malformed-error.js';

/** `VideoPacketType` of Enhanced RTMP v2, "Enhanced Video". */
export const videoPacketType = {
  sequenceStart: 0,
  codedFrames: 1,
  sequenceEnd: 2,
  codedFramesX: 3,
  metadata: 4,
  mpeg2TsSequenceStart: 5,
  multitrack: 6,
} as const;

/** `AudioPacketType` of Enhanced RTMP v2, "Enhanced Audio". */
export const audioPacketType = {
  sequenceStart: 0,
  codedFrames: 1,
  sequenceEnd: 2,
  multichannelConfig: 4,
  multitrack: 5,
} as const;

/** Of both kinds. */
const modEx = 7;
const timestampOffsetNano = 0;
/** From here on it would be another millisecond. */
const nanosecondsEnd = 1_000_000;

/** `AvMultitrackType` */
export const multitrackType = { oneTrack: 0, manyTracks: 1, manyTracksManyCodecs: 2 } as const;

/** A track has an id of one byte. */
const maxTracks = 256;

/** What a body says before its FourCC. */
export interface Modifiers {
  /** The packet type after all modifiers. */
  readonly packetType: number;
  /** Of the presentation time; 0 when nothing was said. */
  readonly nanoseconds: number;
}

/**
 * Reads what modifies a packet (`ModEx`), however much there is, and passes over what it does not know.
 *
 * @returns undefined when the nanoseconds are a millisecond or more, which is not allowed: the message is given up.
 */
export function readModifiers(reader: ByteReader, packetType: number): Modifiers | undefined {
  let nanoseconds = 0;
  let isAllowed = true;
  while (packetType === modEx) {
    let size = reader.u8() + 1;
    if (size === 256) size = reader.u16() + 1;
    const at = reader.position;
    const offset = size >= 3 ? reader.u24() : undefined;
    reader.skip(at + size - reader.position);
    const next = reader.u8();
    packetType = next & 0x0f;
    if (next >> 4 !== timestampOffsetNano) continue;
    if (offset === undefined) throw new MalformedError('Nanoseconds in fewer than three bytes');
    nanoseconds = offset;
    isAllowed &&= offset < nanosecondsEnd;
  }
  return isAllowed ? { packetType, nanoseconds } : undefined;
}

/** One track's part of a body. */
export interface TrackBody {
  readonly packetType: number;
  readonly fourCc: number;
  readonly trackId: number;
  readonly reader: ByteReader;
}

/**
 * The tracks of a body, in their order.
 *
 * @param packetType after all modifiers.
 * @param multitrack the packet type that means several tracks, which differs between sound and picture.
 * @throws MalformedError when a track ends past the body.
 */
export function* iterateTracks(
  reader: ByteReader,
  packetType: number,
  multitrack: number,
): Generator<TrackBody> {
  if (packetType !== multitrack) {
    yield { packetType, fourCc: reader.u32(), trackId: 0, reader };
    return;
  }
  const byte = reader.u8();
  const type = byte >> 4;
  const inner = byte & 0x0f;
  if (inner === multitrack) throw new MalformedError('Tracks within tracks');
  // What a type of later versions looks like is not known.
  if (type > multitrackType.manyTracksManyCodecs) return;
  const shared = type === multitrackType.manyTracksManyCodecs ? undefined : reader.u32();
  if (type === multitrackType.oneTrack) {
    yield { packetType: inner, fourCc: shared ?? 0, trackId: reader.u8(), reader };
    return;
  }
  for (let count = 0; reader.remaining > 0; count++) {
    if (count === maxTracks) throw new MalformedError('More tracks than there are ids');
    const fourCc = shared ?? reader.u32();
    const trackId = reader.u8();
    yield {
      packetType: inner,
      fourCc,
      trackId,
      reader: new ByteReader(reader.bytes(reader.u24())),
    };
  }
}

/** What {@link writeEnhancedHeader} puts before one track's payload. */
export interface EnhancedHeader {
  /** The upper half of the first byte, in its place. */
  readonly kind: number;
  readonly packetType: number;
  readonly multitrack: number;
  readonly fourCc: number;
  /** Above 0 it is written as a body with several tracks that has only this one. */
  readonly trackId: number;
  readonly nanoseconds: number;
}

/** Up to 18 bytes: modifier, packet types, FourCC, track id. */
export function writeEnhancedHeader(writer: ByteWriter, header: EnhancedHeader): ByteWriter {
  const { packetType, multitrack, trackId } = header;
  writeModifiers(writer, header, trackId > 0 ? multitrack : packetType);
  if (trackId > 0) writer.u8((multitrackType.oneTrack << 4) | packetType);
  writer.u32(header.fourCc);
  return trackId > 0 ? writer.u8(checkedTrackId(trackId)) : writer;
}

/** The first byte; with the nanoseconds, where there are any, before the packet type. */
export function writeModifiers(
  writer: ByteWriter,
  { kind, nanoseconds }: { readonly kind: number; readonly nanoseconds: number },
  packetType: number,
): ByteWriter {
  if (nanoseconds === 0) return writer.u8(kind | packetType);
  return writer
    .u8(kind | modEx)
    .u8(3 - 1)
    .u24(nanoseconds)
    .u8((timestampOffsetNano << 4) | packetType);
}

/** @throws MalformedError when it does not fit its byte. */
export function checkedTrackId(trackId: number): number {
  if (Number.isInteger(trackId) && trackId >= 0 && trackId < maxTracks) return trackId;
  throw new MalformedError(`Track ${trackId} does not fit one byte`);
}
