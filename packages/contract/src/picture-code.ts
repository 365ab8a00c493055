/**
 * A time that is drawn into the test pictures as a row of light and dark cells along their upper edge, and read back from
 * what viewers get. Large and plain enough to outlive scaling and a low bitrate.
 *
 * ```text
 *  1 0 | 16 bits of the time, the highest first | 4 bits of check | 0 1
 * ```
 */
export const pictureCode = {
  cells: 24,
  /** Height of the row, of the picture's. */
  heightShare: 1 / 20,
  /** Milliseconds of a step, and after how many it begins again: nearly eleven minutes. */
  stepMs: 10,
  steps: 0x10000,
  /** By this the check differs from the sum of the digits, so that neither all dark nor all light is a code. */
  checkMask: 0b0101,
} as const;

const valueBits = 16;
const checkBits = 4;

/** The code of a time in milliseconds, whatever it is counted from. */
export const pictureCodeAt = (ms: number): number =>
  ((Math.round(ms / pictureCode.stepMs) % pictureCode.steps) + pictureCode.steps) %
  pictureCode.steps;

const checkOf = (code: number): number =>
  ((code ^ (code >> 4) ^ (code >> 8) ^ (code >> 12)) & 0xf) ^ pictureCode.checkMask;

/** Whether each cell is light, from left to right. */
export function pictureCodeCells(code: number): boolean[] {
  const bitsOf = (value: number, count: number): boolean[] =>
    Array.from({ length: count }, (_, index) => ((value >> (count - 1 - index)) & 1) === 1);
  return [
    true,
    false,
    ...bitsOf(code, valueBits),
    ...bitsOf(checkOf(code), checkBits),
    false,
    true,
  ];
}

/** Light and dark cells are at least this far apart, of 255. */
const leastContrast = 60;

/**
 * The code in a picture's luma (one byte a pixel, row by row); `undefined` where there is none.
 *
 * @param width at least 4 pixels for each cell
 */
export function readPictureCode(
  luma: Uint8Array | Uint8ClampedArray,
  width: number,
  height: number,
): number | undefined {
  const { cells, heightShare } = pictureCode;
  const cellWidth = width / cells;
  // The edges of a cell are mixed with what is beside it.
  const top = Math.floor(height * heightShare * 0.25);
  const bottom = Math.max(top + 1, Math.floor(height * heightShare * 0.75));
  const levels = Array.from({ length: cells }, (_, cell) => {
    const left = Math.floor((cell + 0.25) * cellWidth);
    const right = Math.max(left + 1, Math.floor((cell + 0.75) * cellWidth));
    let sum = 0;
    for (let y = top; y < bottom; y++)
      for (let x = left; x < right; x++) sum += luma[y * width + x] ?? 0;
    return sum / ((bottom - top) * (right - left));
  });
  const middle = (Math.max(...levels) + Math.min(...levels)) / 2;
  if (levels.some((level) => Math.abs(level - middle) < leastContrast / 2)) return undefined;
  const code = levels
    .slice(2, 2 + valueBits)
    .reduce((value, level) => value * 2 + (level > middle ? 1 : 0), 0);
  const isCode = pictureCodeCells(code).every((isLight, cell) => {
    const level = levels[cell] ?? middle;
    return level > middle === isLight;
  });
  return isCode ? code : undefined;
}
