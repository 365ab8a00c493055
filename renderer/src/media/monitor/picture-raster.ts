import { readPictureCode } from '@tallylight/contract';

/** As small as pictures are looked at: enough for four pixels in each cell of the test picture's code. */
export const raster = { width: 96, height: 54 } as const;

/** The fingerprint is the mean luma of so many cells, 0 to 255. */
const fingerprint = { columns: 16, rows: 9 } as const;

/** What is kept of a picture. */
export interface SeenPicture {
  /** When it was seen, in milliseconds of one clock. */
  readonly at: number;
  /** The fingerprint, row by row. */
  readonly cells: Float32Array;
  /** The time that is drawn into a test picture; absent in others. */
  readonly code?: number;
}

/** @param luma of {@link raster}'s size, one byte a pixel. */
export function describePicture(at: number, luma: Uint8Array | Uint8ClampedArray): SeenPicture {
  const code = readPictureCode(luma, raster.width, raster.height);
  return { at, cells: fingerprintOf(luma), ...(code !== undefined && { code }) };
}

function fingerprintOf(luma: Uint8Array | Uint8ClampedArray): Float32Array {
  const { columns, rows } = fingerprint;
  const width = raster.width / columns;
  const height = raster.height / rows;
  const cells = new Float32Array(columns * rows);
  for (let y = 0; y < raster.height; y++) {
    for (let x = 0; x < raster.width; x++) {
      const cell = Math.floor(y / height) * columns + Math.floor(x / width);
      cells[cell] = (cells[cell] ?? 0) + (luma[y * raster.width + x] ?? 0);
    }
  }
  return cells.map((sum) => sum / (width * height));
}

/** By how much the cell differs in which two pictures differ the most. */
export function difference(a: Float32Array, b: Float32Array): number {
  let most = 0;
  for (let cell = 0; cell < a.length; cell++)
    most = Math.max(most, Math.abs((a[cell] ?? 0) - (b[cell] ?? 0)));
  return most;
}
