import { describeError, type ErrorCode } from '@tallylight/contract';
import type { BroadcastSummary } from '@tallylight/engine';
import { expect, test } from 'vitest';
import { cliChinese, cliEnglish } from '../../test/support/cli-messages.js';
import { closingLines, failuresOf, recordingLines, replayLine } from './closing-lines.js';

type Destination = BroadcastSummary['destinations'][number];

const destination = (name: string, change: Partial<Destination> = {}): Destination => ({
  ...{ id: name, name, url: name, state: 'stopped', bytesSent: 1, reconnects: 0, goLiveMs: 900 },
  ...{ framesSent: 177, framesDropped: 0, framesMissed: 0 },
  ...change,
});

/** Lost while it was live, and still away at the end. */
const away = (code: ErrorCode = 'CONNECTION_LOST'): Partial<Destination> => ({
  ...{ lostAt: 1, framesDropped: 0, framesMissed: 240 },
  lastError: describeError(code, { host: 'a', reason: { reason: 'closed' } }),
});

const summary = (destinations: Destination[], onAirMs = 5_900): BroadcastSummary => ({
  ...{ durationMs: onAirMs + 1_000, onAirMs, destinations },
  video: { frames: 417, keyframes: 7, droppedFrames: 0, bytes: 1 },
  audio: { frames: 1, bytes: 1 },
});

function closing(of: BroadcastSummary, messages = cliEnglish): string[] {
  return closingLines(of, messages, failuresOf(of).length > 0 ? 'failed' : 'done');
}

test('frames are those that left, not those that were encoded', () => {
  expect(closing(summary([destination('a')]))).toEqual(['Done: 00:00:06 on air, 177 frames sent']);
  const some = destination('a', { framesDropped: 2, framesMissed: 10, reconnects: 1 });
  expect(closing(summary([some]))).toEqual([
    'Done: 00:00:06 on air, 177 frames sent, 2 dropped, up to 10 missed while there was no connection',
  ]);
});

test('what a move to another server cost is told apart from what a slow network did', () => {
  const moved = destination('a', { framesDropped: 14, droppedBy: { network: 2, move: 12 } });
  expect(closing(summary([moved]))).toEqual([
    'Done: 00:00:06 on air, 177 frames sent, 2 dropped, 12 lost while its server sent it on to another',
  ]);
  expect(closing(summary([moved]), cliChinese)).toEqual([
    '完成：直播 00:00:06，已发送 177 帧，丢帧 2，服务器要求转到另一台时丢帧 12',
  ]);
});

test('a source that is slower than time goes by is longer on air than what it gave', () => {
  const slow = {
    ...summary([destination('a', { framesSent: 1_172 })], 31_000),
    durationMs: 22_000,
  };
  expect(closing(slow)).toEqual([
    'Done: 00:00:31 on air, 00:00:22 of picture and sound from the source, 1,172 frames sent',
  ]);
  expect(closing(slow, cliChinese)).toEqual([
    '完成：直播 00:00:31，来源的音视频时长 00:00:22，已发送 1,172 帧',
  ]);
});

test.each<Partial<Destination>>([
  away(),
  { ...away(), state: 'failed' },
  // The last try was answered.
  away('STREAM_BUSY'),
])('what is stopped while its connection is lost is not done: %o', (how) => {
  const lost = summary([destination('a', how)]);
  expect(failuresOf(lost)).toEqual([how.lastError]);
  expect(closing(lost)).toEqual([
    'Ended while the connection was lost: 00:00:06 on air, 177 frames sent, up to 240 missed while there was no connection',
  ]);
  expect(closing(lost, cliChinese)).toEqual([
    '已停止（停止时连接已断开）：直播 00:00:06，已发送 177 帧，断线丢帧最多 240',
  ]);
});

test('sound that was not sent is told, where it can be noticed', () => {
  const said = (audio: BroadcastSummary['audio'], messages = cliEnglish): string[] =>
    closing({ ...summary([destination('a')]), audio }, messages).slice(1);
  const audio = { frames: 9, bytes: 1 };
  expect(said({ ...audio, behindMs: 400 })).toEqual([]);
  expect(said({ ...audio, behindMs: 3_210 })).toEqual(['! The last 3.2 s of sound were not sent.']);
  expect(said({ ...audio, behindMs: 3_210 }, cliChinese)).toEqual([
    '! 最后 3.2 秒的声音没有发出。',
  ]);
  expect(said({ ...audio, frames: 0, behindMs: 5_900 })).toEqual(['! No sound was sent.']);
});

test('a loss that it came back from is none at the end', () => {
  const { lastError } = away();
  const back = summary([destination('a', { reconnects: 1, ...(lastError && { lastError }) })]);
  expect(failuresOf(back)).toEqual([]);
});

test('of several each has its line', () => {
  const refused = { state: 'failed', ...away('CONNECTION_REFUSED') } as const;
  const several = summary([
    destination('a'),
    destination('b', away()),
    destination('c', {
      ...refused,
      ...{ framesSent: 0, lastError: describeError('CONNECTION_REFUSED', { host: 'c', port: 1 }) },
    }),
  ]);
  const [heading, ...lines] = closing(several);
  expect(heading).toBe('Ended: 00:00:06 on air');
  expect(lines).toEqual([
    '  ✓ a: 177 frames sent',
    '  ✗ b: the connection was lost at the end; 177 frames sent, up to 240 missed while there was no connection',
    expect.stringMatching(/^ {2}✗ c: /),
  ]);
  expect(failuresOf(several)).toHaveLength(2);
});

test('what never was live is not called done', () => {
  expect(closing(summary([destination('a', { framesSent: 0 })], 0))).toEqual([
    'Stopped before it was live: nobody received anything.',
  ]);
});

test.each([
  [
    { bytes: 9_000, isFull: false },
    ['Recorded to /a.flv (00:01:01, 9 kB)'],
    ['已录制到 /a.flv（00:01:01，9 kB）'],
  ],
  // There is no such file.
  [{ bytes: 0, isFull: false }, ['Nothing was recorded.'], ['没有录下任何内容。']],
  [
    { bytes: 9_000, isFull: true },
    ['  ✗ Nothing can be recorded to /a.flv: the disk is full.', '    9 kB were recorded before.'],
    ['  ✗ 无法录制到“/a.flv”：磁盘已满。', '    已录下 9 kB。'],
  ],
  [
    { bytes: 0, isFull: true },
    ['  ✗ Nothing can be recorded to /a.flv: the disk is full.', '    Nothing was recorded.'],
    ['  ✗ 无法录制到“/a.flv”：磁盘已满。', '    没有录下任何内容。'],
  ],
])('a recording of %o is what it is said to be', ({ bytes, isFull }, english, chinese) => {
  const full = { file: '/a.flv', reason: { reason: 'disk-full' } } as const;
  const lastError = isFull ? describeError('RECORDING_FAILED', full) : undefined;
  const recording = { path: '/a.flv', bytes, durationMs: 61_000, ...(lastError && { lastError }) };
  expect(recordingLines(recording, cliEnglish)).toEqual(english);
  expect(recordingLines(recording, cliChinese)).toEqual(chinese);
});

test('every file of a recording is told', () => {
  const recording = {
    ...{ path: '/a.mp4', otherPaths: ['/a-2.mp4'] },
    ...{ bytes: 9_000_000, durationMs: 3_600_000 },
  };
  expect(recordingLines(recording, cliEnglish)).toEqual([
    'Recorded into 2 files (01:00:00, 9.0 MB):',
    '  /a.mp4',
    '  /a-2.mp4',
  ]);
});

test('a replay is told with its length and size, or why it is not there', () => {
  const saved = { path: '/goal.mp4', bytes: 12_300_000, durationMs: 30_020 };
  expect(replayLine(saved, cliEnglish)).toBe('Replay saved to /goal.mp4 (30 s, 12.3 MB)');
  expect(replayLine(saved, cliChinese)).toBe('回放已保存到 /goal.mp4（30 秒，12.3 MB）');
  const full = { file: '/goal.mp4', reason: { reason: 'disk-full' } } as const;
  const error = describeError('RECORDING_FAILED', full);
  expect(replayLine({ ...saved, bytes: 0, error }, cliEnglish)).toBe(
    '  ✗ Nothing can be recorded to /goal.mp4: the disk is full.',
  );
});
