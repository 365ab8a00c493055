import type { RecordingStatus } from '@tallylight/contract';
import { expect, it } from 'vitest';
import { windowMessages } from './messages-store.js';
import { spaceLeft } from './space-left.js';

const recorded = (leftMs: number): RecordingStatus => ({
  ...{ type: 'recording', reach: 'local', id: 'r', name: 'show.mp4', state: 'live' },
  ...{ path: '/v/show.mp4', bytes: 9, space: { freeBytes: 1_000_000, leftMs } },
});

it.each([
  [16 * 60_000, '', ''],
  [125_000, 'about 2 more minutes', '还能录 2 分钟'],
  [60_000, 'about 1 more minute.', '还能录 1 分钟'],
  [59_000, 'less than a minute', '不到 1 分钟'],
  [0, 'less than a minute', '不到 1 分钟'],
])('of %i ms that a disk lasts it says as much as is true', (leftMs, english, chinese) => {
  expect(spaceLeft(recorded(leftMs), windowMessages('en'))).toContain(english);
  expect(spaceLeft(recorded(leftMs), windowMessages('zh-CN'))).toContain(chinese);
});
