import { expect, it } from 'vitest';
import { AdtsFormats } from './adts-formats.js';

/** A frame of AAC-LC with its header. @param index of the sampling frequency: 3 is 48 kHz, 4 is 44.1 kHz. */
function frame(index: number, channels: number, payload = 20): Uint8Array {
  const length = 7 + payload;
  return Uint8Array.from([
    ...[0xff, 0xf1, (1 << 6) | (index << 2) | (channels >> 2)],
    ...[
      ((channels & 3) << 6) | (length >> 11),
      (length >> 3) & 0xff,
      ((length & 7) << 5) | 0x1f,
      0xfc,
    ],
    ...new Uint8Array(payload),
  ]);
}

const stream = Buffer.concat([frame(3, 2), frame(3, 2, 3), frame(4, 2), frame(4, 2), frame(4, 1)]);
const { signal } = new AbortController();
const changesOf = (formats: AdtsFormats) =>
  Promise.all([0, 1, 2, 3, 4, 5].map((number) => formats.changeAt(number, signal)));

it('finds where the format changes, whatever the cut', async () => {
  for (let cut = 0; cut <= stream.length; cut += 1) {
    const formats = new AdtsFormats();
    formats.push(stream.subarray(0, cut));
    formats.push(stream.subarray(cut));
    formats.end();
    expect(await changesOf(formats)).toEqual([
      ...[undefined, undefined, Uint8Array.of(0x12, 0x10)],
      ...[undefined, Uint8Array.of(0x12, 0x08), undefined],
    ]);
  }
});

it('waits for what has not come', async () => {
  const formats = new AdtsFormats();
  const third = formats.changeAt(2, signal);
  formats.push(stream);
  expect(await third).toEqual(Uint8Array.of(0x12, 0x10));
  const leaving = new AbortController();
  const never = formats.changeAt(9, leaving.signal);
  leaving.abort();
  expect(await never).toBeUndefined();
});

it('waits for nothing behind what is no ADTS', async () => {
  const formats = new AdtsFormats();
  formats.push(new Uint8Array(20));
  expect(await formats.changeAt(0, signal)).toBeUndefined();
});
