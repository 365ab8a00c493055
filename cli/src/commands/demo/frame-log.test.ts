import type { EncodedPacket } from 'node-rtmp-client';
import { expect, test } from 'vitest';
import { FrameLog } from './frame-log.js';

const frame = (content: number): EncodedPacket => ({
  ...{ type: 'frame', track: 'audio', codec: 'aac', keyframe: true, pts: 0, dts: 0 },
  payload: Uint8Array.of(content),
});

function log(...contents: number[]): FrameLog {
  const frames = new FrameLog();
  for (const content of contents) frames.add(frame(content));
  return frames;
}

test.each([
  ['its middle', [2, 3], true],
  ['a run after frames that are alike', [0, 0, 1], true],
  ['one with a gap', [1, 3], false],
  ['one that goes on beyond its end', [4, 5], false],
  ['nothing', [], false],
])('tells whether a log is a run of another: %s', (_, contents, expected) => {
  expect(log(...contents).isRunOf(log(0, 0, 0, 1, 2, 3, 4), 'audio')).toBe(expected);
});
