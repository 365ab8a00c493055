import { broadcastEventTypes, describeError, type BroadcastEvent } from '@tallylight/contract';
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

it('tells what happened, with the time of day', () => {
  const [lost, back] = logText(log, windowMessages('en')).split('\n');
  expect(lost).toMatch(/^21:04:13 {2}Twitch: lost\. .*twitch\.example.*\.$/);
  expect(back).toBe('21:04:14  Twitch: back after 1.8 s; its viewers missed 54 frames');
  expect(logText(log, windowMessages('zh-CN'))).toContain('Twitch：1.8 秒后恢复，观众错过 54 帧');
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
        ...{ name: 'Twitch', url: 'rtmp://twitch.example/app', state: 'stopped' },
        ...{ framesSent: 107_900, framesDropped: 40, framesMissed: 60, reconnects: 1 },
        ...{ bytesSent: 1_234_000_000, lastError: error, droppedBy: { network: 30, move: 10 } },
      }),
      destination({ id: '2', name: 'Kick', state: 'failed', lastError: error }),
    ],
  });
  const text = summaryText(ended, log, windowMessages('en'));
  for (const line of [
    'On air: 01:02:05',
    'Frames captured: 108,000; lost in capture and encoder: 12',
    'Twitch (rtmp://twitch.example/app)',
    '  sent: 107,900 frames, 1.2 GB',
    '  dropped, the network was slow: 30',
    '  lost while its server sent it on to another: 10',
    '  missed, there was no connection: 60',
    '  reconnections: 1',
  ]) {
    expect(text.split('\n')).toContain(line);
  }
  // What was mended is no error of the whole.
  expect(text.match(/error: /g)).toHaveLength(1);
  expect(text).toContain('21:04:14  Twitch: back after 1.8 s');
});
