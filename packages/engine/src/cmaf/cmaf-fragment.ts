/** One access unit as a fragment carries it. Times in microseconds. */
export interface CmafSample {
  readonly dts: number;
  readonly pts: number;
  readonly duration: number;
  readonly keyframe: boolean;
  readonly payload: Uint8Array;
}

/** Of the only track of a CMAF track file (ISO/IEC 23000-19 §7.3), and of the first of a movie. */
export const firstTrackId = 1;

/** Sample flags (ISO/IEC 14496-12 §8.8.3.1): depends on no other; or on others, and is no place to begin. */
const syncSample = 0x0200_0000;
const otherSample = 0x0101_0000;

const maxU32 = 0xffff_ffff;
const microsecondsPerSecond = 1_000_000;

/** The brands of a CMAF segment (ISO/IEC 23000-19 §7.2). */
export const segmentTypeBox: Uint8Array = box(
  'styp',
  text('cmfs'),
  u32(0),
  text('cmfs'),
  text('msdh'),
);

/** Microseconds as ticks of a timescale. */
export const ticksOf = (microseconds: number, timescale: number): number =>
  Math.round((microseconds * timescale) / microsecondsPerSecond);

/**
 * A movie fragment and its media: `moof` and `mdat` (ISO/IEC 14496-12 §8.8), as a CMAF chunk is. Decode times are those
 * of the samples; mediabunny's muxer, which writes the rest of our files, infers its own from the times of presentation.
 *
 * @param sequence counts the fragments of a track from 1.
 * @param timescale ticks a second, as the initialization segment says.
 * @param samples one at least; consecutive.
 * @param trackId of the track that they belong to.
 */
export function serializeFragment(
  sequence: number,
  timescale: number,
  samples: readonly CmafSample[],
  trackId = firstTrackId,
): Uint8Array {
  const ticks = (microseconds: number): number => ticksOf(microseconds, timescale);
  const start = ticks(samples[0]?.dts ?? 0);
  const entries = samples.flatMap(({ dts, pts, duration, keyframe, payload }) => [
    // Ends are rounded rather than lengths, so that nothing adds up.
    u32(Math.min(ticks(dts + duration) - ticks(dts), maxU32)),
    u32(payload.byteLength),
    u32(keyframe ? syncSample : otherSample),
    u32(ticks(pts) - ticks(dts)),
  ]);
  const fragment = (dataOffset: number): Uint8Array =>
    box(
      'moof',
      fullBox('mfhd', 0, 0, u32(sequence)),
      box(
        'traf',
        // default-base-is-moof
        fullBox('tfhd', 0, 0x02_0000, u32(trackId)),
        fullBox('tfdt', 1, 0, u64(start)),
        // The offset of the media; duration, size, flags and composition offset of each sample.
        fullBox('trun', 1, 0x0f01, u32(samples.length), u32(dataOffset), ...entries),
      ),
    );
  const headerBytes = 8;
  const moofBytes = fragment(0).byteLength;
  const payloads = samples.map(({ payload }) => payload);
  const mdatBytes = payloads.reduce((sum, { byteLength }) => sum + byteLength, headerBytes);
  return concat([fragment(moofBytes + headerBytes), u32(mdatBytes), text('mdat'), ...payloads]);
}

function box(type: string, ...contents: readonly Uint8Array[]): Uint8Array {
  const size = contents.reduce((sum, { byteLength }) => sum + byteLength, 8);
  return concat([u32(size), text(type), ...contents]);
}

const fullBox = (
  type: string,
  version: number,
  flags: number,
  ...contents: readonly Uint8Array[]
): Uint8Array => box(type, u32(version * 2 ** 24 + flags), ...contents);

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}

/** Also a signed number, as its 32 bits are. */
function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

function u64(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}
