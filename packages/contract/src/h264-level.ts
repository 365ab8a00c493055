/**
 * Levels as in H.264 table A-1: what they allow of macroblocks a second, macroblocks a picture, and bits a second in the
 * profiles that allow the least. Lower ones are of no use: every decoder knows 3.1.
 */
const levels: readonly (readonly [
  idc: number,
  perSecond: number,
  perPicture: number,
  bitrate: number,
])[] = [
  [31, 108_000, 3600, 14_000_000], // 1280×720 at 30 fps
  [32, 216_000, 5120, 20_000_000],
  [40, 245_760, 8192, 20_000_000], // 1920×1080 at 30 fps
  [42, 522_240, 8704, 50_000_000],
  [51, 983_040, 36_864, 240_000_000], // 3840×2160 at 30 fps
  [52, 2_073_600, 36_864, 240_000_000],
];
const highest = 52;

export interface H264Picture {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Frames per second. */
  readonly fps: number;
  /** Bits per second. */
  readonly videoBitrate: number;
}

/** The lowest level, from 3.1 on, that allows a stream like this: ten times its number, as in `level_idc`. */
export function h264Level({ width, height, fps, videoBitrate }: H264Picture): number {
  const macroblocks = Math.ceil(width / 16) * Math.ceil(height / 16);
  const found = levels.find(
    ([, perSecond, perPicture, bitrate]) =>
      macroblocks <= perPicture && macroblocks * fps <= perSecond && videoBitrate <= bitrate,
  );
  return found?.[0] ?? highest;
}
