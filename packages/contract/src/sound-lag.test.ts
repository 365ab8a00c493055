import { expect, it } from 'vitest';
import { soundBehind, soundNotSent } from './sound-lag.js';

it('tells how far the sound is behind, or that none has come', () => {
  const late = { frames: 9, behindMs: 2_349 };
  expect(soundBehind(late)).toEqual({ reason: 'sound-behind', data: { seconds: 2.3 } });
  expect(soundBehind({ ...late, frames: 0 })).toMatchObject({ reason: 'no-sound-yet-for' });
});

it('tells at the end what was not sent, where somebody can notice', () => {
  expect(soundNotSent({ frames: 9 })).toBeUndefined();
  expect(soundNotSent({ frames: 9, behindMs: 500 })).toBeUndefined();
  const rest = { reason: 'sound-not-sent', data: { seconds: 0.6 } };
  expect(soundNotSent({ frames: 9, behindMs: 620 })).toEqual(rest);
  expect(soundNotSent({ frames: 0, behindMs: 9_000 })).toEqual({ reason: 'no-sound-sent' });
});
