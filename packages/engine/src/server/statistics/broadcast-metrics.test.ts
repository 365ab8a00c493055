import type { BroadcastSnapshot, DestinationStatus } from '@tallylight/contract';
import { pageWords } from '@tallylight/messages/pages';
import { expect, test } from 'vitest';
import { BroadcastMetrics } from './broadcast-metrics.js';
import { prometheusText } from './prometheus-text.js';

const help = pageWords('en').words.metrics;

const destination = (change: Partial<DestinationStatus> = {}): DestinationStatus => ({
  ...{ type: 'rtmp', reach: 'public', id: 'a', name: 'Twitch', url: 'rtmp://twitch.example/app' },
  ...{ state: 'live', steps: [], bytesSent: 5_000, framesSent: 100, reconnects: 1 },
  ...{ framesDropped: 7, droppedBy: { network: 4, move: 3 }, framesMissed: 2 },
  ...{ bitrate: 2_500_000, fps: 29.5, rttMs: 40, queuedMs: 250, queuedBytes: 900 },
  ...{ liveSince: Date.now() - 5_000 },
  ...change,
});

const snapshot = (
  outputs: DestinationStatus[],
  change: Partial<BroadcastSnapshot> = {},
): BroadcastSnapshot => ({
  ...{ state: 'live', startedAt: 1_500, captureSteps: [], outputs },
  statistics: {
    durationMs: 4_000,
    video: {
      ...{ frames: 109, keyframes: 4, bytes: 9_000, droppedFrames: 6 },
      account: {
        ...{ elapsedMs: 4_000, offered: 115, surplus: 0, encoded: 109 },
        lost: { reading: 1, encoder: 2, channel: 3 },
      },
    },
    audio: { frames: 1, bytes: 1 },
    encoderSpeed: 0.98,
  },
  program: { cpu: 0.38, memoryBytes: 400_000_000 },
  ...change,
});

/** The values by metric and labels, after each of the snapshots. */
function told(...snapshots: (BroadcastSnapshot | undefined)[]): Map<string, number>[] {
  let now: BroadcastSnapshot | undefined;
  const metrics = new BroadcastMetrics(() => now);
  return snapshots.map((each) => {
    now = each;
    const lines = prometheusText(metrics.metrics(help)).split('\n');
    const samples = lines.filter((line) => line !== '' && !line.startsWith('#'));
    const values = samples.map((line): [string, number] => {
      const space = line.lastIndexOf(' ');
      return [line.slice(0, space), Number(line.slice(space + 1))];
    });
    expect(new Set(values.map(([key]) => key)).size).toBe(values.length);
    return new Map(values);
  });
}

test('each figure of a broadcast is told as it is, in base units and by cause', () => {
  const [values = new Map<string, number>()] = told(snapshot([destination()]));
  const figures = Object.fromEntries(values);
  const of = (name: string, more = ''): string =>
    `tallylight_destination_${name}{destination="Twitch"${more}}`;
  const live = figures[of('live_seconds')];
  expect(live).toBeGreaterThanOrEqual(5);
  expect(figures).toEqual({
    tallylight_broadcast_start_time_seconds: 1.5,
    tallylight_broadcast_captured_frames_total: 109,
    'tallylight_broadcast_lost_frames_total{cause="capture"}': 1,
    'tallylight_broadcast_lost_frames_total{cause="encoder"}': 2,
    'tallylight_broadcast_lost_frames_total{cause="channel"}': 3,
    tallylight_broadcast_encoder_speed_ratio: 0.98,
    tallylight_program_cpu_cores: 0.38,
    tallylight_program_resident_memory_bytes: 400_000_000,
    [of('up')]: 1,
    [of('live_seconds')]: live,
    [of('sent_bytes_total')]: 5_000,
    [of('sent_frames_total')]: 100,
    [of('dropped_frames_total', ',cause="network"')]: 4,
    [of('dropped_frames_total', ',cause="move"')]: 3,
    [of('missed_frames_total')]: 2,
    [of('reconnects_total')]: 1,
    [of('bytes_per_second')]: 312_500,
    [of('frames_per_second')]: 29.5,
    [of('rtt_seconds')]: 0.04,
    [of('queued_seconds')]: 0.25,
    [of('queued_bytes')]: 900,
  });
});

test('what is not known is absent, and where no server is the stream is not up', () => {
  const { id, name, url } = destination();
  const away: DestinationStatus = {
    ...{ type: 'rtmp', reach: 'public', id, name, url, state: 'reconnecting', steps: [] },
    ...{ bytesSent: 0, framesSent: 0, framesDropped: 0, reconnects: 0 },
  };
  const started: BroadcastSnapshot = {
    ...{ state: 'connecting', startedAt: 1_000, captureSteps: [], outputs: [away] },
  };
  const [values] = told(started);
  expect(Object.fromEntries(values ?? [])).toEqual({
    tallylight_broadcast_start_time_seconds: 1,
    'tallylight_destination_up{destination="Twitch"}': 0,
    'tallylight_destination_live_seconds{destination="Twitch"}': 0,
    'tallylight_destination_sent_bytes_total{destination="Twitch"}': 0,
    'tallylight_destination_sent_frames_total{destination="Twitch"}': 0,
    'tallylight_destination_reconnects_total{destination="Twitch"}': 0,
  });
});

test('without a broadcast there is nothing', () => {
  const idle: BroadcastSnapshot = { state: 'idle', captureSteps: [], outputs: [] };
  expect(told(undefined, idle).map(({ size }) => size)).toEqual([0, 0]);
});

test('a counter never goes back in one broadcast, though what did not arrive is taken back', () => {
  const sent = (framesSent: number, startedAt = 1): BroadcastSnapshot =>
    snapshot([destination({ framesSent, bytesSent: 10 * framesSent })], { startedAt });
  const key = (what: string) => `tallylight_destination_sent_${what}_total{destination="Twitch"}`;
  const values = told(sent(100), sent(90), sent(120), sent(5, 2));
  expect(values.map((each) => each.get(key('frames')))).toEqual([100, 100, 120, 5]);
  expect(values.map((each) => each.get(key('bytes')))).toEqual([1_000, 1_000, 1_200, 50]);
});

test('one that is ended and started again goes on counting, and what passed before it was live is no loss', () => {
  const key = (what: string) => `tallylight_destination_${what}_frames_total{destination="Twitch"}`;
  const first = destination({ state: 'stopped', framesBefore: 4 });
  const again = destination({ framesSent: 30, framesMissed: 0, framesBefore: 12 });
  const [before, after] = told(snapshot([first]), snapshot([again], { removed: [first] }));
  const of = (values?: Map<string, number>) =>
    ['sent', 'missed', 'before_live'].map((what) => values?.get(key(what)));
  expect(of(before)).toEqual([100, 2, 4]);
  expect(of(after)).toEqual([130, 2, 16]);
});

test('what was held for a server that came back is not taken back from the counter', () => {
  const missed = (framesMissed: number): BroadcastSnapshot =>
    snapshot([destination({ framesMissed })]);
  const values = told(missed(60), missed(15), missed(90));
  const key = 'tallylight_destination_missed_frames_total{destination="Twitch"}';
  expect(values.map((each) => each.get(key))).toEqual([60, 60, 90]);
});

test('two of one name are told apart, and stay who they are when another goes or comes', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((id, index) => destination({ id, framesSent: index + 1 }));
  if (!a || !b || !c) throw new Error('three');
  const values = told(snapshot([a, b]), snapshot([b]), snapshot([b, c]));
  const frames = values.map((each) =>
    [...each]
      .filter(([key]) => key.startsWith('tallylight_destination_sent_frames_total'))
      .map(([key, value]) => `${key.replace(/.*="(.*)"}/, '$1')} ${value}`),
  );
  expect(frames).toEqual([
    ['Twitch 1', 'Twitch (2) 2'],
    ['Twitch (2) 2'],
    ['Twitch (2) 2', 'Twitch 3'],
  ]);
});

test('the names are as Prometheus wants them', () => {
  const metrics = new BroadcastMetrics(() => snapshot([destination()])).metrics(help);
  for (const { name, type, help: said } of metrics) {
    expect(name).toMatch(/^tallylight_(broadcast|program|destination)(_[a-z]+)+$/);
    expect([name, name.endsWith('_total')]).toEqual([name, type === 'counter']);
    expect(said).toMatch(/\.$/);
  }
});
