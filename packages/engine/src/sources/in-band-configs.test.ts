import { joinLengthPrefixed, parseAvcDecoderConfiguration } from 'node-rtmp-client';
import { expect, it } from 'vitest';
import { avcConfiguration, videoConfig, videoFrame } from '../../test/support/packets.js';
import { InBandConfigs } from './in-band-configs.js';

const { sps, pps } = parseAvcDecoderConfiguration(avcConfiguration);
const picture = Uint8Array.of(0x65, 1, 2, 3);
const keyframe = (...sets: readonly Uint8Array[]) => ({
  ...videoFrame(40, true),
  pts: 80_000,
  payload: joinLengthPrefixed([...sets, picture]),
});
/** The same with another level. */
const otherSps = sps.map((unit) =>
  Uint8Array.from(unit, (byte, at) => (at === 3 ? byte + 1 : byte)),
);

it('tells a configuration that comes within a picture, once', () => {
  const configs = new InBandConfigs();
  configs.note(videoConfig());
  const changed = keyframe(...otherSps, ...pps);
  const [config, frame] = configs.note(changed);
  expect(config).toMatchObject({ type: 'config', dts: 40_000, pts: 40_000, keyframe: true });
  expect(config && parseAvcDecoderConfiguration(config.payload).sps).toEqual(otherSps);
  expect(frame).toBe(changed);
  expect(configs.note(changed)).toEqual([changed]);
});

it('tells nothing where the sets are known, or there are none', () => {
  const configs = new InBandConfigs();
  configs.note(videoConfig());
  for (const frame of [keyframe(...sps, ...pps), keyframe(), videoFrame(0)]) {
    expect(configs.note(frame)).toEqual([frame]);
  }
});
