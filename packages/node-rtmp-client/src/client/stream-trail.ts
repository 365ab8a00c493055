import { createHash } from 'node:crypto';
import type { FlvItem } from '../flv/flv-item.js';
import type { MediaPacket } from '../flv/opaque-packet.js';

/** A place in a stream that can be found again in a copy of it. */
interface Mark {
  /** Microseconds. */
  readonly dts: number;
  /** Of the payload. */
  readonly digest: string;
  readonly track: 'video' | 'audio';
}

/** Where a copy of a stream takes over from it. */
export interface Splice {
  /** Microseconds to be added to the copy's times. */
  readonly shift: number;
  /**
   * The frame with which the copy is entered, by its time before it is shifted; undefined where both are known to be
   * the same frames, so that it can be entered anywhere.
   */
  readonly from: number | undefined;
}

const maxMarks = 64;
/** Sound is marked once in so many microseconds, by the clock, so that both streams mark the same. */
const soundGrid = 200_000;
/** Without a picture for so long, a stream goes by its sound. Microseconds. */
const restingVideo = 5_000_000;
/** A jump further than this, ahead or back, is another clock. Microseconds. */
const maxGap = 10_000_000;
/** About one frame: what is kept between two streams that have nothing in common. */
const unknownGap = 40_000;

/** What has lately come of a stream: enough to find the same place in what another server sends of it. */
export class StreamTrail {
  /** Is told whenever there is something new to be compared. */
  onMark: (() => void) | undefined;
  #marks: readonly Mark[] = [];
  #picture: number | undefined;
  #sound: number | undefined;

  /** Keyframes, or sound where no pictures come; the newest last. */
  get marks(): readonly Mark[] {
    return this.#marks;
  }

  /** Decode time of the newest picture, or of the newest sound where no pictures come. */
  get newest(): number | undefined {
    return this.#isVideoResting ? this.#sound : this.#picture;
  }

  see(item: FlvItem): void {
    if (!('packet' in item)) return;
    const { packet } = item;
    if (packet.type !== 'frame' || (packet.trackId ?? 0) > 0) return;
    if (packet.track === 'video') this.#seePicture(packet);
    else this.#seeSound(packet);
  }

  /** Only the newest mark is of any use. */
  dropOlder(): void {
    this.#marks = this.#marks.slice(-1);
  }

  get #isVideoResting(): boolean {
    if (this.#picture === undefined) return true;
    return this.#sound !== undefined && this.#sound - this.#picture > restingVideo;
  }

  #seePicture(packet: MediaPacket): void {
    if (this.#isVideoResting) this.#marks = [];
    this.#picture = packet.dts;
    if (packet.keyframe) this.#mark(packet);
  }

  #seeSound(packet: MediaPacket): void {
    const before = this.#sound ?? -Infinity;
    this.#sound = packet.dts;
    const isNext = Math.floor(packet.dts / soundGrid) > Math.floor(before / soundGrid);
    if (isNext && this.#isVideoResting) this.#mark(packet);
  }

  #mark({ track, dts, payload }: MediaPacket): void {
    const digest = createHash('sha1').update(payload).digest('base64');
    this.#marks = [...this.#marks.slice(1 - maxMarks), { dts, digest, track }];
    this.onMark?.();
  }
}

/**
 * How far a stream goes to go on with a copy of it: only where both send the `'same'`; also with the keyframe that
 * comes `'next'` by its time, so that a publisher who moves at a keyframe is followed without a gap; also by an
 * `'other'` clock, unless the copy seems to lag and will get there; or with `'any'` keyframe.
 */
export type SpliceNeed = 'same' | 'next' | 'other' | 'any';

/** Where `copy` takes over from `stream`; undefined while that cannot be told. */
export function findSplice(
  stream: StreamTrail,
  copy: StreamTrail,
  need: SpliceNeed,
): Splice | undefined {
  const { newest } = stream;
  const last = copy.marks.at(-1);
  if (last === undefined) return undefined;
  if (newest === undefined) return { shift: 0, from: copy.marks[0]?.dts };
  const shift = shiftBetween(stream.marks, copy.marks);
  if (shift !== undefined) return { shift, from: undefined };
  if (need === 'same') return undefined;
  const next = copy.marks.find(({ dts }) => dts > newest && dts - newest <= maxGap);
  if (next !== undefined) return { shift: 0, from: next.dts };
  const seemsToLag = last.dts <= newest && newest - last.dts <= maxGap;
  if (need === 'next' || (need === 'other' && seemsToLag)) return undefined;
  return { shift: newest + unknownGap - last.dts, from: last.dts };
}

/** Microseconds by which `copy` is behind in its times; undefined where they have nothing in common. */
function shiftBetween(stream: readonly Mark[], copy: readonly Mark[]): number | undefined {
  let shift: number | undefined;
  for (const { dts, digest, track } of copy) {
    const same = stream.filter((mark) => mark.digest === digest);
    if (same.some((mark) => mark.dts === dts)) return 0;
    // Silence and a still picture are coded alike again and again.
    const isOnlyOne = copy.filter((mark) => mark.digest === digest).length === 1;
    const [only, ...others] = same;
    if (track === 'audio' || only === undefined || others.length > 0 || !isOnlyOne) continue;
    shift = only.dts - dts;
  }
  return shift;
}
