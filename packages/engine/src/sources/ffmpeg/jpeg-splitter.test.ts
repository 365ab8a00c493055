import { expect, it } from 'vitest';
import { JpegSplitter } from './jpeg-splitter.js';

const pictures = [
  Uint8Array.of(0xff, 0xd8, 1, 0xff, 0, 0xd9, 2, 0xff, 0xd9),
  Uint8Array.of(0xff, 0xd8, 0xff, 0xd9),
  Uint8Array.of(0xff, 0xd8, 0xd9, 0xd9, 0xff, 0xd9),
];
const stream = Uint8Array.from(pictures.flatMap((picture) => [...picture]));

it('finds the same pictures whatever the cut', () => {
  for (let cut = 0; cut <= stream.length; cut++) {
    const splitter = new JpegSplitter();
    const found = [stream.subarray(0, cut), stream.subarray(cut)].flatMap((b) => splitter.push(b));
    expect(found).toEqual(pictures);
  }
  const splitter = new JpegSplitter();
  expect([...stream].flatMap((byte) => splitter.push(Uint8Array.of(byte)))).toEqual(pictures);
});

it('discards what grows too large, and goes on with the next picture', () => {
  const splitter = new JpegSplitter();
  const megabyte = new Uint8Array(1024 * 1024);
  expect(splitter.push(Uint8Array.of(0xff, 0xd8))).toEqual([]);
  for (let i = 0; i < 6; i++) expect(splitter.push(megabyte)).toEqual([]);
  expect(splitter.push(Uint8Array.of(0xff, 0xd9))).toEqual([]);
  expect(splitter.push(stream)).toEqual(pictures);
});
