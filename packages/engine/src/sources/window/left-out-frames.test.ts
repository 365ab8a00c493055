import type { FrameAccount } from '@tallylight/contract';
import { expect, test } from 'vitest';
import { LeftOutFrames } from './left-out-frames.js';

const fps = 15;
const accountMs = 500;

/** A camera of 15 frames a second, of which `isLost` are left out and the others come `lateMs` after they were taken. */
function record(
  seconds: number,
  {
    isLost = () => false,
    lateMs = () => 0,
  }: Partial<{ isLost: (frame: number) => boolean; lateMs: (at: number) => number }>,
): number {
  const leftOut = new LeftOutFrames();
  const frames = Array.from({ length: seconds * fps }, (_, i) => i).filter((i) => !isLost(i));
  const events = [
    ...frames.map((i) => ({
      at: (i * 1000) / fps + lateMs((i * 1000) / fps),
      pts: (i * 1e6) / fps,
    })),
    ...Array.from({ length: seconds * 2 }, (_, i) => ({ at: (i + 1) * accountMs, pts: undefined })),
  ].sort((a, b) => a.at - b.at);
  let account: FrameAccount | undefined;
  for (const { at, pts } of events) {
    if (pts !== undefined) account &&= leftOut.frame(account, pts);
    else {
      const lost = { reading: 0, encoder: 0, channel: 0 };
      const offered = Math.floor((at * fps) / 1000);
      account = leftOut.complete({ elapsedMs: at, offered, surplus: 0, lost, encoded: 0 });
    }
  }
  return account?.lost.encoder ?? NaN;
}

test.each([
  ['at once', () => 0],
  ['later and later, up to a second', (at: number) => Math.min(at / 5, 1000)],
  ['late after a while', (at: number) => (at > 4000 ? 400 : 30)],
  ['in a rush', (at: number) => (at > 4000 && at < 6000 ? 6000 - at : 0)],
])('what comes %s is not lost', (_, lateMs) => {
  expect(record(12, { lateMs })).toBe(0);
});

test('what never comes is', () => {
  const isLost = (frame: number): boolean => frame > 60 && frame % 5 === 0 && frame <= 110;
  expect(record(12, { isLost })).toBe(10);
  expect(record(12, { isLost, lateMs: (at) => at / 10 })).toBe(10);
});

test('what was taken before the first frame of the file is not', () => {
  expect(record(12, { isLost: (frame) => frame < 4 })).toBe(0);
});
