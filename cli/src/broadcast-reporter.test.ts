import { cliChinese, cliEnglish } from '../../test/support/cli-messages.js';
import {
  builtInProfileId,
  describeError,
  type BroadcastSnapshot,
  type DestinationStatus,
} from '@tallylight/contract';
import { expect, test, vi } from 'vitest';
import { BroadcastReporter } from './broadcast-reporter.js';
import { describeStep } from './describe-step.js';
import { formatDuration } from './format-duration.js';
import { Printer } from './printer.js';

function reporter(messages = cliEnglish) {
  const texts = { stdout: '', stderr: '' };
  const printer = new Printer({
    json: true,
    messages,
    stdout: { write: (text) => (texts.stdout += text) },
    stderr: { write: (text) => (texts.stderr += text) },
  });
  const types = (): string[] =>
    texts.stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => (JSON.parse(line) as { type: string }).type);
  return { texts, types, printer, reporter: new BroadcastReporter(printer) };
}

const snapshot = (change: Partial<BroadcastSnapshot>): BroadcastSnapshot => ({
  state: 'connecting',
  captureSteps: [{ phase: 'encoder', state: 'done', elapsedMs: 120, detail: 'libx264' }],
  outputs: [],
  ...change,
});

test('the same state is told once, and each step once', () => {
  const { texts, types, reporter: tell } = reporter();
  tell.update(snapshot({}));
  tell.update(snapshot({}));
  expect(types()).toEqual(['state']);
  expect(texts.stderr.match(/Encoder/g)).toHaveLength(1);
});

test('where nothing is encoded, no encoder is told of', () => {
  const { texts, printer } = reporter();
  new BroadcastReporter(printer, { isCopy: true }).update(snapshot({}));
  expect(texts.stderr).toMatch(/✓ Sent as it is +120 ms/);
  expect(texts.stderr).not.toContain('Encoder');
});

test('an error is told once, whoever has it', () => {
  const { types, reporter: tell } = reporter();
  const error = describeError('HOST_NOT_FOUND', { host: 'a' });
  tell.update(snapshot({ error }));
  tell.tellError(error);
  expect(types().filter((type) => type === 'error')).toHaveLength(1);
});

test('a source that does not keep up with the clock is told once', () => {
  const { texts, reporter: tell } = reporter();
  const late = (behindMs: number): BroadcastSnapshot =>
    snapshot({
      statistics: {
        ...{ durationMs: 1, bitrate: 0, behindMs, audio: { frames: 0, bytes: 0 } },
        video: { frames: 1, keyframes: 1, bytes: 1, droppedFrames: 0, fps: 1 },
      },
    });
  vi.useFakeTimers();
  for (const behindMs of [100, 2_500, 3_000]) {
    tell.update(late(behindMs));
    vi.advanceTimersByTime(500);
    expect(texts.stderr.match(/as fast as time goes by/g) ?? []).toHaveLength(
      behindMs > 1_000 ? 1 : 0,
    );
  }
  vi.useRealTimers();
});

test('sound that is behind is told once, and that it has caught up', () => {
  const { texts, reporter: tell } = reporter();
  const statistics = (frames: number) => ({
    ...{ durationMs: 40, bitrate: 0, audio: { frames, bytes: 0 } },
    video: { frames: 1, keyframes: 1, bytes: 1, droppedFrames: 0, fps: 0 },
  });
  const judged = (soundBehindMs: number, frames = 9): BroadcastSnapshot =>
    snapshot({
      state: 'live',
      statistics: statistics(frames),
      health: {
        ...{ fps: 30, droppedRatio: 0, lostRatio: 0, measuredMs: 9, since: 0, soundBehindMs },
        ...(soundBehindMs > 1_000
          ? { level: 'poor', cause: 'sound' }
          : { level: 'good', cause: 'none' }),
      },
    });
  const notices = (): string[] => texts.stderr.split('\n').filter((line) => /sound/i.test(line));
  for (const ms of [100, 2_440, 3_000]) tell.update(judged(ms));
  expect(notices()).toEqual([
    '! The sound is 2.4 s behind the picture: this computer cannot keep up.',
  ]);
  expect(texts.stderr).toContain('keep up.\n  Close other programs; ');
  expect(texts.stdout).toContain('"reason":"sound-behind","data":{"seconds":2.4}');
  for (const ms of [100, 200]) tell.update(judged(ms));
  expect(notices().slice(1)).toEqual(['! The sound has caught up with the picture.']);
  tell.update(judged(5_000, 0));
  expect(notices().slice(2)).toEqual(['! No sound has come for 5 s.']);
});

const destination = (change: Partial<DestinationStatus>): DestinationStatus => ({
  ...{ type: 'rtmp', reach: 'public', id: '1', name: 'a', url: 'rtmp://a/live', steps: [] },
  ...{ state: 'live', framesDropped: 0, framesSent: 1, bytesSent: 1, reconnects: 0 },
  ...change,
});

test('figures for people begin with LIVE, not between the lines of the checklist', () => {
  const { texts, types, reporter: tell } = reporter();
  const statistics = {
    ...{ durationMs: 40, bitrate: 0, audio: { frames: 0, bytes: 0 } },
    video: { frames: 1, keyframes: 1, bytes: 1, droppedFrames: 0, fps: 0 },
  };
  vi.useFakeTimers();
  tell.update(snapshot({ statistics }));
  expect(types()).toContain('stats');
  expect(texts.stderr).not.toContain('kbit/s');
  const outputs = [destination({})];
  vi.advanceTimersByTime(500);
  tell.update(snapshot({ statistics, state: 'live', outputs }));
  expect(texts.stderr).toContain('LIVE');
  // A rate over a fraction of a second is none.
  expect(texts.stderr).not.toContain('kbit/s');
  vi.advanceTimersByTime(500);
  const measured = [destination({ bitrate: 2_630_000, fps: 29.97 })];
  tell.update(snapshot({ statistics, state: 'live', outputs: measured }));
  expect(texts.stderr).toMatch(/LIVE\n.* 2,630 kbit\/s {2}30.0 fps/);
  vi.advanceTimersByTime(60_000);
  const silent = [destination({ silentMs: 5_000 })];
  tell.update(snapshot({ statistics, state: 'live', outputs: silent }));
  expect(texts.stderr).toContain('  – kbit/s  – fps');
  vi.useRealTimers();
});

test('what a destination misses that is away or dead is not counted as dropped by the others', () => {
  const { texts, reporter: tell } = reporter();
  const destination = (
    state: DestinationStatus['state'],
    framesDropped: number,
    framesMissed: number,
  ): DestinationStatus => ({
    ...{ type: 'rtmp', reach: 'public', id: state, name: state, url: state, steps: [] },
    ...{ state, framesDropped, framesMissed, framesSent: 1, bytesSent: 1, reconnects: 0 },
    ...{ bitrate: 0, fps: 0 },
  });
  const outputs = [destination('live', 4, 10), destination('failed', 30, 300)];
  const statistics = {
    ...{ durationMs: 40, bitrate: 0, audio: { frames: 0, bytes: 0 } },
    video: { frames: 1, keyframes: 1, bytes: 1, droppedFrames: 2, fps: 0 },
  };
  tell.update(snapshot({ statistics, state: 'live', outputs }));
  expect(texts.stderr).toMatch(/kbit\/s in all .* 6 dropped/);
});

test('how a server does that is silent, and given up, is said in words and for programs', () => {
  const { texts, reporter: tell } = reporter();
  const error = describeError('CLOSED_AFTER_PUBLISH', { host: 'a', port: 1 });
  tell.update(snapshot({ state: 'live', outputs: [destination({ silentMs: 6_000 })] }));
  tell.update(snapshot({ state: 'live', outputs: [destination({})] }));
  const failed = destination({ state: 'failed', gaveUp: true, lastError: error });
  tell.update(snapshot({ state: 'stopping', outputs: [failed], error }));
  expect(texts.stderr).toContain('! a has not answered for 6 s: what is sent may not arrive.');
  expect(texts.stderr).toContain('! a answers again.\n');
  expect(texts.stdout).toContain('"reason":"server-silent","data":{"server":"a","seconds":6}');
  expect(texts.stdout).toContain('"reason":"server-answers-again"');
  expect(texts.stderr).toMatch(
    /right after the stream began\.\n {2}Check the stream key.*\n.*no longer tries/,
  );
  expect(texts.stderr).not.toContain('tries again');
  expect(texts.stdout).toContain('"gaveUp":true');
});

/** The lines of `--json` of that type. */
const linesOf = (stdout: string, type: string): Record<string, unknown>[] =>
  stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter((line) => line['type'] === type);

const lostOf = (id: string, host: string): DestinationStatus =>
  destination({
    ...{ id, name: `to ${host}`, state: 'reconnecting', lostAt: 1 },
    ...{ waiting: { attempt: 1, until: 1 } },
    lastError: describeError('CONNECTION_LOST', { host, reason: 'gone' }),
  });

test('of one that is tried again by itself nobody is told to go live again, in JSON neither', () => {
  const { texts, printer } = reporter();
  const tell = new BroadcastReporter(printer, { tellsEvents: true });
  tell.update(snapshot({ state: 'live', startedAt: 1, outputs: [destination({ name: 'to a' })] }));
  tell.update(snapshot({ state: 'reconnecting', startedAt: 1, outputs: [lostOf('1', 'a')] }));
  expect(texts.stderr).toContain(
    '✗ The connection to a was lost (gone).\n  Tallylight tries again by itself; Ctrl+C stops.\n',
  );
  const remedy = 'Tallylight tries again by itself; Ctrl+C stops.';
  expect(linesOf(texts.stdout, 'error')).toMatchObject([{ code: 'CONNECTION_LOST', remedy }]);
  expect(linesOf(texts.stdout, 'event')).toContainEqual(
    expect.objectContaining({
      event: 'destination-lost',
      error: expect.objectContaining({ remedy }) as unknown,
    }),
  );
  expect(texts.stdout).not.toContain('go live again');
});

test.each([
  [
    cliEnglish,
    '✗ to b: The connection to b was lost (gone).',
    'Tallylight tries it again by itself.',
  ],
  [cliChinese, '✗ to b：与 b 的连接断开了（gone）。', 'Tallylight 会自动重试这个目的地。'],
] as const)(
  'of several it is said which is lost, and nothing that ends all',
  (words, what, then) => {
    const { texts, reporter: tell } = reporter(words);
    const well = destination({ id: '1' });
    tell.update(snapshot({ state: 'live', outputs: [well, lostOf('2', 'b')] }));
    expect(texts.stderr).toContain(`${what}\n  ${then}\n`);
    expect(texts.stderr).not.toContain('Ctrl+C');
  },
);

test('where lines are obeyed, what is given up can be tried again, and each answer is told', () => {
  const failure = () => describeError('CLOSED_AFTER_PUBLISH', { host: 'b', port: 1 });
  const both = (change: Partial<DestinationStatus>, state: BroadcastSnapshot['state'] = 'live') => {
    const error = { state: 'failed', lastError: failure() } as const;
    const other = destination({ id: '2', name: 'b', ...error, ...change });
    return snapshot({ state, outputs: [destination({}), other] });
  };
  const { texts, printer } = reporter();
  const tell = new BroadcastReporter(printer, { isControlled: true });
  const hint = '  To try it again, write: {"type":"retry","name":"b"}\n';
  tell.update(both({ gaveUp: true }));
  expect(texts.stderr).toContain(`no longer tries.\n${hint}`);
  tell.retried('2');
  tell.update(both({ state: 'connecting' }));
  tell.update(both({}));
  expect(linesOf(texts.stdout, 'error')).toHaveLength(2);
  expect(texts.stderr.split(hint)).toHaveLength(3);

  const plain = reporter();
  plain.reporter.update(both({ gaveUp: true }));
  expect(plain.texts.stderr).toContain('no longer tries.\n');
  expect(plain.texts.stderr).not.toContain('retry');
  // Where none is left there is nothing to write to.
  const last = reporter();
  new BroadcastReporter(last.printer, { isControlled: true }).update(
    snapshot({
      state: 'stopping',
      outputs: [destination({ state: 'failed', gaveUp: true, lastError: failure() })],
    }),
  );
  expect(last.texts.stderr).not.toContain('retry');
});

test('in Chinese the lamp and the built-in server have Chinese names', () => {
  const { texts, reporter: tell } = reporter(cliChinese);
  const outputs: DestinationStatus[] = [
    {
      ...{ type: 'rtmp', reach: 'public', id: builtInProfileId, name: 'Built-in server' },
      ...{ url: '', steps: [], framesSent: 1, framesDropped: 0, bytesSent: 1, reconnects: 0 },
      ...{ state: 'reconnecting', waiting: { attempt: 1, until: 0 } },
    },
  ];
  tell.update(snapshot({ state: 'live' }));
  tell.update(snapshot({ state: 'reconnecting', outputs }));
  expect(texts.stderr).toContain('直播中\n');
  expect(texts.stderr).toContain('内置服务器：第 1 次重试');
  expect(texts.stderr).not.toMatch(/LIVE|Built-in/);
  // What programs read is the same in every language.
  expect(texts.stdout).toContain('"name":"Built-in server"');
});

test('a step says how it went, and nothing while it is to come', () => {
  expect(describeStep({ phase: 'tcp', state: 'done', elapsedMs: 12 }, cliEnglish)).toMatch(
    /✓ Connection +12 ms/,
  );
  expect(describeStep({ phase: 'tcp', state: 'failed', elapsedMs: 1500 }, cliEnglish)).toMatch(
    /✗ .*1\.5 s/,
  );
  expect(describeStep({ phase: 'tcp', state: 'active' }, cliEnglish)).toBeUndefined();
  expect(describeStep({ phase: 'tls', state: 'skipped' }, cliEnglish)).toBeUndefined();
});

test('durations', () => {
  expect(formatDuration(0)).toBe('00:00:00');
  // A broadcast of three seconds may have been on air for a few milliseconds less.
  expect(formatDuration(2_970)).toBe('00:00:03');
  expect(formatDuration(3_725_400)).toBe('01:02:05');
  expect(formatDuration(3_599_900)).toBe('01:00:00');
});

test('a stream that is waited for, is away and is back is told, in lines of JSON too', () => {
  const { texts, types, reporter: tell } = reporter();
  const camera = { phase: 'camera', state: 'done', detail: 'live/cam' } as const;
  const told = (['waiting', 'live', 'slate', 'slate', 'live', 'paused'] as const).map(
    (presence) => {
      tell.update(snapshot({ presence, startedAt: Date.now(), captureSteps: [camera] }));
      return texts.stderr;
    },
  );
  expect(types().filter((type) => type === 'state').length).toBe(5);
  expect(told[0]).toContain('  00:00:00  waiting for the stream\n');
  const [, , away = '', , back = '', paused = ''] = told;
  expect(away).toContain('○ live/cam is away. Viewers see “Back in a moment” until it is back.\n');
  expect(away.match(/is away/g)).toHaveLength(1);
  expect(back).toContain('● live/cam is back after 00:00:00.\n');
  expect(paused).toContain('no slate in its codecs');
});
