import { iterateLengthPrefixed, joinLengthPrefixed, type EncodedPacket } from 'node-rtmp-client';
import { expect, test } from 'vitest';
import { videoConfig, videoFrame } from '../../test/support/packets.js';
import { withParameterSets } from './parameter-sets.js';

const types = ({ payload }: EncodedPacket): number[] =>
  [...iterateLengthPrefixed(payload)].map((unit) => (unit[0] ?? 0) & 0x1f);

test('parameter sets go before the picture, behind a delimiter', () => {
  const keyframe = videoFrame(0, true);
  expect(types(withParameterSets(keyframe, videoConfig()))).toEqual([7, 8, 5]);
  const delimiter = Uint8Array.of(9, 0x10);
  const payload = joinLengthPrefixed([delimiter, Uint8Array.of(0x65, 1, 2)]);
  expect(types(withParameterSets({ ...keyframe, payload }, videoConfig()))).toEqual([9, 7, 8, 5]);
});

test('a codec whose pictures hold everything stays as it is', () => {
  const keyframe: EncodedPacket = {
    ...{ type: 'frame', track: 'video', codec: 'av1', keyframe: true, pts: 0, dts: 0 },
    payload: Uint8Array.of(1),
  };
  expect(withParameterSets(keyframe, { ...keyframe, type: 'config' })).toBe(keyframe);
});
