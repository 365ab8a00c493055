import { createHash } from 'node:crypto';
import type { EncodedPacket } from '../flv/encoded-packet.js';
import type { FlvItem } from '../flv/flv-item.js';

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
/** A jump further ahead than this is another clock. Microseconds. */
const maxGap = 10_000_000;
/** About one frame: what is kept between two streams that have nothing in common. */
const unknownGap = 40_000;

/** What has lately come of a stream: enough to find the same place in what another server sends of it. */
export class StreamTrail {
  /** Is told whenever there is something new to be compared. */
  onMark: (() => void) | undefined;
  #marks: readonly Mark[] = [];
  #newest: number | undefined;
  #hasVideo = false;

  /** Keyframes, or every frame where there is only sound; the newest last. */
  get marks(): readonly Mark[] {
    return this.#marks;
  }

  /** Decode time of the newest picture, or of the newest sound where there are no pictures. */
  get newest(): number | undefined {
    return this.#newest;
  }

  see(item: FlvItem): void {
    if (item.type !== 'packet') return;
    const { packet } = item;
    if (packet.track === 'video' && !this.#hasVideo) {
      this.#hasVideo = true;
      this.#marks = [];
      this.#newest = undefined;
    }
    if (packet.type !== 'frame' || !this.#counts(packet)) return;
    const { track, keyframe, dts, payload } = packet;
    this.#newest = dts;
    if (!keyframe) return;
    const digest = createHash('sha1').update(payload).digest('base64');
    this.#marks = [...this.#marks.slice(1 - maxMarks), { dts, digest, track }];
    this.onMark?.();
  }

  #counts({ track, trackId = 0 }: EncodedPacket): boolean {
    return trackId === 0 && (track === 'video' || !this.#hasVideo);
  }
}

/**
 * Where `copy` takes over from `stream`; undefined while that cannot be told.
 *
 * @param mustGo whether any place will do: best the frame that comes next by its time, so that a publisher who moves at a
 * keyframe is followed without a gap.
 */
export function findSplice(
  stream: StreamTrail,
  copy: StreamTrail,
  mustGo: boolean,
): Splice | undefined {
  const shift = shiftBetween(stream.marks, copy.marks);
  if (shift !== undefined) return { shift, from: undefined };
  if (!mustGo) return undefined;
  const { newest } = stream;
  const follows = ({ dts }: Mark): boolean =>
    newest === undefined || (dts > newest && dts - newest <= maxGap);
  const next = copy.marks.find(follows);
  if (next !== undefined) return { shift: 0, from: next.dts };
  const last = copy.marks.at(-1);
  if (last === undefined || newest === undefined) return undefined;
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
