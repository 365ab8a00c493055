import { expect, test } from 'vitest';
import type { PacketItem } from '../flv/flv-item.js';
import { audioConfig, delta, key, sound, videoConfig } from '../../test/support/live-items.js';
import { KeyframeGate } from './keyframe-gate.js';

const passing = (gate: KeyframeGate, items: readonly PacketItem[]): PacketItem[] =>
  items.filter(({ packet }) => gate.passes(packet));

test('no video track passes before its first keyframe; sound does', () => {
  const gate = new KeyframeGate();
  const items = [videoConfig(0), sound(0), delta(1), key(2), delta(3), delta(3, 10, 1)];
  expect(passing(gate, items)).toEqual([videoConfig(0), sound(0), key(2), delta(3)]);
  expect(gate.isWaiting).toBe(false);
});

test('closed, each video track waits for its own keyframe', () => {
  const gate = new KeyframeGate();
  passing(gate, [key(0), key(0, 10, 1)]);
  gate.close('passes');
  expect(gate.isWaiting).toBe(true);
  const items = [delta(1), sound(1), key(2), delta(2, 10, 1), delta(3), key(3, 10, 1)];
  expect(passing(gate, [...items, delta(4, 10, 1)])).toEqual([
    ...[sound(1), key(2), delta(3), key(3, 10, 1), delta(4, 10, 1)],
  ]);
});

test('closed to sound too, it opens with the first keyframe of any video track', () => {
  const gate = new KeyframeGate();
  passing(gate, [key(0), key(0, 10, 1)]);
  gate.close('waits');
  const items = [sound(1), audioConfig(1), delta(2), key(3, 10, 1), sound(3), delta(4)];
  expect(passing(gate, items)).toEqual([audioConfig(1), key(3, 10, 1), sound(3)]);
  expect(gate.isWaiting).toBe(false);
});

test('sound does not wait where there is no video track, or none any more', () => {
  const gate = new KeyframeGate();
  gate.close('waits');
  expect(passing(gate, [sound(0)])).toEqual([sound(0)]);
  expect(gate.isWaiting).toBe(false);

  gate.addVideoTrack(0);
  gate.addVideoTrack(1);
  gate.close('waits');
  gate.removeVideoTrack(0);
  expect(passing(gate, [sound(1)])).toEqual([]);
  gate.removeVideoTrack(1);
  expect(passing(gate, [sound(2)])).toEqual([sound(2)]);

  passing(gate, [videoConfig(3)]);
  gate.close('waits');
  expect(passing(gate, [sound(3)])).toEqual([]);
  gate.removeVideoTracks();
  expect(passing(gate, [sound(4)])).toEqual([sound(4)]);
});
