import { expect, test } from 'vitest';
import { pictureCode, pictureCodeAt, pictureCodeCells, readPictureCode } from './picture-code.js';

const size = { width: 96, height: 54 };

/** A picture with a code along its upper edge, of these levels. */
function draw(cells: readonly boolean[], [dark, light]: readonly [number, number]): Uint8Array {
  const { width, height } = size;
  return Uint8Array.from({ length: width * height }, (_, pixel) => {
    const x = pixel % width;
    if (pixel >= width * height * pictureCode.heightShare) return 128;
    return cells[Math.floor((x * cells.length) / width)] === true ? light : dark;
  });
}

const read = (luma: Uint8Array) => readPictureCode(luma, size.width, size.height);

test('every code is read as what was drawn, also where black and white are grey', () => {
  for (let code = 0; code < pictureCode.steps; code += 251)
    expect(read(draw(pictureCodeCells(code), [16, 235]))).toBe(code);
  expect(read(draw(pictureCodeCells(4711), [70, 150]))).toBe(4711);
});

test('a code in which one cell is another is none', () => {
  const cells = pictureCodeCells(0x5a3c);
  for (const [index] of cells.entries()) {
    const wrong = cells.map((isLight, at) => (at === index ? !isLight : isLight));
    expect(read(draw(wrong, [16, 235]))).toBeUndefined();
  }
});

test('what has too little contrast, or is all of one shade, is no code', () => {
  expect(read(draw(pictureCodeCells(1234), [100, 140]))).toBeUndefined();
  for (const level of [0, 128, 255])
    expect(read(new Uint8Array(size.width * size.height).fill(level))).toBeUndefined();
});

test('times become codes by hundredths of a second, and begin again after the last', () => {
  expect(pictureCodeAt(0)).toBe(0);
  expect(pictureCodeAt(1234)).toBe(123);
  expect(pictureCodeAt(pictureCode.steps * pictureCode.stepMs + 50)).toBe(5);
  expect(pictureCodeAt(-10)).toBe(pictureCode.steps - 1);
});
