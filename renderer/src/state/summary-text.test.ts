import {
  broadcastEventTypes,
  describeError,
  type BroadcastEvent,
  type RecordingStatus,
} from '@tallylight/contract';
import { expect, it } from 'vitest';
import { destination, snapshot, statistics } from '../../test/snapshots.js';
import { eventText, logText } from './event-text.js';
import { windowMessages } from './messages-store.js';
import { summaryText } from './summary-text.js';

const error = describeError('CONNECTION_LOST', { host: 'twitch.example', port: 1935 });
const at = new Date(2026, 10, 30, 21, 4, 13).getTime();
const log: BroadcastEvent[] = [
  { at, event: 'destination-lost', name: 'Twitch', error },
  {
    ...{ at: at + 1_800, event: 'destination-back', name: 'Twitch' },
    data: { milliseconds: 1_800, frames: 54 },
  },
];

const full = describeError('RECORDING_FAILED', {
  file: '/v/3.mp4',
  reason: { reason: 'disk-full' },
});

const recording = (patch: Partial<RecordingStatus>): RecordingStatus => ({
  ...{ type: 'recording', reach: 'local', id: 'r', name: 'r', path: '/v/r.mp4' },
  ...{ state: 'stopped', bytes: 0, durationMs: 3_725_000 },
  ...patch,
});

it('tells of files their names, lengths and sizes, and joins names as the language does', () => {
  const said = (entry: Omit<BroadcastEvent, 'at'>) =>
    (['en', 'zh-CN'] as const).map((language) =>
      eventText({ at, ...entry }, windowMessages(language)),
    );
  const data = { path: '/v/goal.mp4', bytes: 9_400_000, milliseconds: 30_040 };
  expect(said({ event: 'replay-saved', name: 'goal.mp4', data })).toEqual([
    'Replay saved: goal.mp4, 30.0 s, 9.4 MB',
    '回放已保存：goal.mp4，30.0 秒，9.4 MB',
  ]);
  const next = { path: 'C:\\v\\show-2.mp4' };
  expect(said({ event: 'recording-continued', name: 'show.mp4', data: next })).toEqual([
    'show.mp4: recording goes on in another file, show-2.mp4',
    'show.mp4：后面的内容录到另一个文件 show-2.mp4',
  ]);
  expect(said({ event: 'recording-ended', name: 'show.mp4', data })).toEqual([
    'show.mp4: recording ended, 0:30, 9.4 MB',
    'show.mp4：录制结束，时长 0:30，9.4 MB',
  ]);
  expect(said({ event: 'off-air', data: { milliseconds: 3_725_000 } })).toEqual([
    'Off air after 01:02:05; the recording goes on',
    '已下播，直播时长 01:02:05；录制继续',
  ]);
  const lowered = { names: ['Twitch', 'Kick', 'B站'], data: { bitrate: 900_000 } };
  expect(said({ event: 'bitrate-lowered', ...lowered })).toEqual([
    'The network to Twitch, Kick, and B站 is slow: the picture is encoded at 900 kbit/s',
    '到“Twitch”、“Kick”和“B站”的网络较慢，视频码率降到 900 kbit/s',
  ]);
});

it('tells what happened, with the time of day', () => {
  const [lost, back] = logText(log, windowMessages('en')).split('\n');
  expect(lost).toMatch(/^21:04:13 {2}Twitch: lost\. .*twitch\.example.*\.$/);
  expect(back).toBe('21:04:14  Twitch: back after 1.8 s; its viewers missed up to 54 frames');
  expect(logText(log, windowMessages('zh-CN'))).toContain('Twitch：1.8 秒后恢复，断线丢帧最多 54');
});

it.each(['en', 'zh-CN'] as const)(
  'has a sentence for everything that can happen, in %s',
  (language) => {
    for (const event of broadcastEventTypes) {
      const entry: BroadcastEvent = { at, event, name: 'Twitch', data: { bitrate: 1 }, error };
      const text = eventText(entry, windowMessages(language));
      expect(text).not.toMatch(/[{}]|undefined|NaN/);
      expect(text).not.toContain('window.');
    }
  },
);

it('sums up where it went and what came of it', () => {
  const ended = snapshot({
    ...{ state: 'ended', startedAt: at, liveAt: at + 800, onAirMs: 3_725_000 },
    statistics: statistics({ frames: 108_000, droppedFrames: 12 }),
    outputs: [
      destination({
        ...{ name: 'Twitch', url: 'rtmp://twitch.example/app', state: 'stopped', goLiveMs: 800 },
        ...{ framesSent: 107_900, framesDropped: 40, framesMissed: 60, reconnects: 1 },
        framesBefore: 21,
        ...{ bytesSent: 1_234_000_000, lastError: error, droppedBy: { network: 30, move: 10 } },
      }),
      destination({
        ...{ id: '2', name: 'Kick', state: 'failed', lastError: error, framesBefore: 17_182 },
      }),
      recording({ path: '/v/3.mp4', bytes: 0, lastError: full, state: 'failed' }),
      {
        ...{ type: 'replay', reach: 'memory', id: 'r', name: 'r', state: 'stopped' },
        ...{ seconds: 30, heldMs: 0, heldBytes: 0, saveCount: 2 },
        saves: [
          { name: 'goal.mp4', path: '/v/goal.mp4', bytes: 9_400_000, durationMs: 30_040 },
          { name: 'foul.mp4', path: '/v/foul.mp4', bytes: 0, durationMs: 0, error: full },
        ],
      },
    ],
    removed: [
      recording({ path: '/v/1.mp4', otherPaths: ['/v/1-2.mp4'], bytes: 80_000_000 }),
      recording({ path: '/v/2.mp4', bytes: 2_000_000, durationMs: 9_000 }),
      // Nothing was ever written.
      recording({ path: '/v/none.mp4', bytes: 0 }),
    ],
  });
  const text = summaryText(ended, log, windowMessages('en'));
  const goesOn = summaryText({ ...ended, state: 'recording' }, log, windowMessages('en'));
  expect(goesOn).not.toContain('On air before');
  expect(goesOn).toContain(
    'Frames captured until now, with what goes on being recorded: 108,000; lost in',
  );
  for (const line of [
    'On air: 01:02:05',
    'Frames captured: 108,000; lost in capture and encoder: 12',
    'Twitch (rtmp://twitch.example/app)',
    '  sent: 107,900 frames, 1.2 GB',
    '  dropped, the network was slow: 30',
    '  lost while its server sent it on to another: 10',
    '  missed, there was no connection: up to 60',
    '  passed before it was live, which is no loss: 21',
    '  reconnections: 1',
    '  never live',
    'Recording: /v/1.mp4 and /v/1-2.mp4 (1:02:05, 80.0 MB)',
    'Recording: /v/2.mp4 (0:09, 2.0 MB)',
    'Recording, failed: /v/3.mp4 (1:02:05, 0 kB). Nothing can be recorded to /v/3.mp4: the disk is full.',
    'Replay: /v/goal.mp4 (30.0 s, 9.4 MB)',
    'Replay, not saved: /v/foul.mp4. Nothing can be recorded to /v/3.mp4: the disk is full.',
  ]) {
    expect(text.split('\n')).toContain(line);
  }
  // Of one that was never live nobody missed anything.
  expect(text).not.toContain('17,182');
  expect(text.match(/missed, there was no connection/g)).toHaveLength(1);
  expect(text).not.toContain('none.mp4');
  // What was mended is no error of the whole.
  expect(text.match(/error: /g)).toHaveLength(1);
  expect(text).toContain('21:04:14  Twitch: back after 1.8 s');
});

it('tells which time was which of one that was begun again, oldest first', () => {
  const clock = (minute: number): number => new Date(2026, 10, 30, 21, minute, 0).getTime();
  const kick = { id: '2', name: 'Kick', url: 'rtmp://k/app' } as const;
  const again = (minutes: readonly number[], framesSent: number) =>
    destination({
      ...{ ...kick, framesSent },
      ...(minutes[0] !== undefined && { firstLiveAt: clock(minutes[0]) }),
      ...(minutes[1] !== undefined && { endedAt: clock(minutes[1]) }),
    });
  const given = snapshot({
    ...{ startedAt: clock(0), liveAt: clock(1) },
    outputs: [destination({ id: '1', name: 'Twitch', url: 'rtmp://t/app' }), again([9], 300)],
    removed: [again([1, 4], 100), again([5, 8], 200)],
  });
  const lines = summaryText(given, [], windowMessages('en')).split('\n');
  expect(lines.filter((line) => /Twitch|Kick|frames,/.test(line))).toEqual([
    'Twitch (rtmp://t/app)',
    '  sent: 0 frames, 0 kB',
    'Kick (rtmp://k/app), 21:01:00 to 21:04:00',
    '  sent: 100 frames, 0 kB',
    'Kick (rtmp://k/app), 21:05:00 to 21:08:00',
    '  sent: 200 frames, 0 kB',
    'Kick (rtmp://k/app), since 21:09:00',
    '  sent: 300 frames, 0 kB',
  ]);
  const second = {
    ...given,
    liveAt: clock(9),
    outputs: [again([9], 300)],
    removed: [again([1, 4], 100)],
  };
  const earlierShows = [{ liveAt: clock(1), onAirMs: 180_000 }];
  const both = summaryText({ ...second, earlierShows }, [], windowMessages('en')).split('\n');
  expect(both).toContain('On air before, in the same recording: from 21:01:00, 00:03:00');
  // Of the show before, though it is there once only.
  const other = { ...second, outputs: [destination({ id: '1', name: 'Twitch' })] };
  const titles = summaryText(other, [], windowMessages('en'));
  expect(titles).toContain('Kick (rtmp://k/app), 21:01:00 to 21:04:00\n');
  const never = { ...given, outputs: [again([], 0)] };
  const chinese = summaryText(never, [], windowMessages('zh-CN'));
  expect(chinese).toContain('Kick（rtmp://k/app），21:05:00 至 21:08:00\n');
  expect(chinese).toContain('Kick（rtmp://k/app），未开播\n');
});

it('has the time of the show, though it was recorded before, and calls a recording one', () => {
  const recorded = { startedAt: at, outputs: [recording({ bytes: 9 })] };
  const first = (text: string): string | undefined => text.split('\n')[0];
  const show = snapshot({ ...recorded, liveAt: at + 60_000, removed: [destination()] });
  expect(first(summaryText(show, [], windowMessages('en')))).toMatch(/broadcast, .*21:05:13$/);
  const only = snapshot({ ...recorded, state: 'ended' });
  expect(first(summaryText(only, [], windowMessages('en')))).toMatch(/recording, .*21:04:13$/);
  expect(first(summaryText(only, [], windowMessages('zh-CN')))).toMatch(/^Tallylight 录制，/);
});
