import { parseAvcDecoderConfiguration } from 'node-rtmp-client';
import { expect, test } from 'vitest';
import { avcConfiguration } from '../../../test/support/packets.js';
import { AnnexBStream } from './annex-b-stream.js';

const { sps, pps } = parseAvcDecoderConfiguration(avcConfiguration);
const startCode = [0, 0, 0, 1];
const annexB = (...units: (Uint8Array | number[])[]): Uint8Array =>
  Uint8Array.from(units.flatMap((unit) => [...startCode, ...unit]));
const delimiter = [0x09, 0xf0];
const idr = [0x65, 1, 2, 3];
const slice = [0x41, 4, 5];

test('parameter sets become the configuration, and frames carry only their slices', () => {
  const { config, payload } = new AnnexBStream().convert(
    annexB(delimiter, ...sps, ...pps, idr, idr),
  );
  expect(config).toEqual(avcConfiguration);
  expect([...payload]).toEqual([0, 0, 0, 4, ...idr, 0, 0, 0, 4, ...idr]);
});

test('repeated parameter sets are told once, changed ones again', () => {
  const stream = new AnnexBStream();
  const keyframe = annexB(...sps, ...pps, idr);
  expect(stream.convert(keyframe).config).toBeDefined();
  expect(stream.convert(annexB(slice))).toEqual({ payload: Uint8Array.of(0, 0, 0, 3, ...slice) });
  expect(stream.convert(keyframe).config).toBeUndefined();
  expect(stream.convert(annexB(...sps, [0x68, 0xce, 0x0f, 0xc8], idr)).config).toBeDefined();
});
