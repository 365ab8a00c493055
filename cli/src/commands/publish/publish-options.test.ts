import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '@tallylight/contract';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cliChinese, cliEnglish } from '../../../../test/support/cli-messages.js';
import { parsePublishOptions, type RawPublishOptions } from './publish-options.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallylight-options-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const options = (change: Partial<RawPublishOptions>): RawPublishOptions => ({
  ...{ source: ['test'], to: ['rtmp://a/b/c'], size: '1280x720', fps: '30' },
  ...{ videoBitrate: '2500k', audioBitrate: '128k', keyframeInterval: '2' },
  ...change,
});

function whyRefused(change: Partial<RawPublishOptions>, messages = cliEnglish): string {
  try {
    parsePublishOptions(options(change));
  } catch (error) {
    if (error instanceof AppError) return messages.error(error.info).message;
  }
  throw new Error('it was not refused as it should be');
}

test.each([
  ['1x', '--size takes a width and a height such as 1280x720, not "1x".'],
  ['1281x720', '--size takes an even width and an even height such as 1280x720, not "1281x720".'],
  ['99999x99999', '--size is out of range: the width is at most 7680 pixels.'],
  ['0x0', '--size is out of range: the width is at least 16 pixels.'],
])('what is wrong with the size %s is said', (size, why) => {
  expect(whyRefused({ size })).toBe(why);
});

test('limits of rates are written as rates are typed', () => {
  expect(whyRefused({ videoBitrate: '1' }, cliChinese)).toBe(
    '--video-bitrate 超出范围：最小是 50k。',
  );
  expect(whyRefused({ videoBitrate: '1000M' })).toContain('at most 100M.');
});

test('a new recording is MP4 or FLV and is called so; what is there already is for whoever opens it', async () => {
  const record = join(folder, 'show.mkv');
  expect(whyRefused({ record })).toBe(
    `--record writes MP4 or FLV: give ${record} a name that ends with .mp4 or .flv.`,
  );
  await writeFile(record, 'precious');
  for (const other of [
    record,
    folder,
    '/dev/null',
    '-',
    join(folder, 'Show.FLV'),
    join(folder, 'a.MP4'),
  ]) {
    expect(parsePublishOptions(options({ record: other })).recordTo).toBe(other);
  }
});

test('several files are one source, in the order in which they are given', () => {
  const given = { source: ['file:a.mp4', 'playlist:b.m3u', 'file:a.mp4'], copy: true };
  expect(parsePublishOptions(options(given)).source).toEqual({
    type: 'files',
    entries: [
      { type: 'file', path: 'a.mp4' },
      { type: 'playlist', path: 'b.m3u' },
      { type: 'file', path: 'a.mp4' },
    ],
    ...{ copy: true, loop: false },
  });
  const one = parsePublishOptions(options({ source: ['file:a.mp4'], loop: true })).source;
  expect(one).toEqual({ type: 'file', path: 'a.mp4', copy: false, loop: true });
});

test('only files follow one another', () => {
  const why =
    'Of several --source each is file:PATH or playlist:FILE: they are played one after the other.';
  expect(whyRefused({ source: ['file:a.mp4', 'test'] })).toBe(why);
  expect(whyRefused({ source: ['test', 'test'] })).toBe(why);
  expect(whyRefused({ source: ['test'], loop: true })).toBe(
    '--loop works only with --source file:PATH or playlist:FILE.',
  );
});

test('a stream is sent as it is, and only one that is published here has an address and a key', () => {
  const source = ['stream:live/cam'];
  expect(parsePublishOptions(options({ source, listen: 'a:1' })).source).toEqual({
    ...{ type: 'stream', app: 'live', name: 'cam' },
  });
  expect(whyRefused({ source, isGiven: (name) => name === 'fps' })).toBe(
    '--fps changes nothing with --source stream: or rtmp:, which sends the stream as it is.',
  );
  expect(whyRefused({ source, copy: true })).toContain('--copy works only with --source file:PATH');
  expect(whyRefused({ listen: '127.0.0.1:1935' })).toBe(
    '--listen works only with --source stream:APP/NAME.',
  );
  expect(whyRefused({ source: ['rtmp://a/b/c'], publishKeyEnv: 'KEY' })).toBe(
    '--publish-key-env works only with --source stream:APP/NAME.',
  );
  expect(whyRefused({ source: ['stream:live/cam', 'test'] })).toContain('Of several --source');
});

test.each([
  ['forever', undefined],
  ['90s', 90_000],
  ['10m', 600_000],
  ['1.5h', 5_400_000],
  ['0', 0],
])('--reconnect-for %s is a limit of %s ms', (reconnectFor, limitMs) => {
  const { loss } = parsePublishOptions(options({ reconnectFor, hold: '2.5' }));
  expect(loss).toEqual({
    ...(limitMs !== undefined && { reconnectLimitMs: limitMs }),
    heldMs: 2_500,
  });
});

test('a wrong time to reconnect for, or to hold, is said', () => {
  expect(whyRefused({ reconnectFor: '8d' })).toMatch(/"forever" or a time such as 90s/);
  expect(whyRefused({ reconnectFor: '400h' })).toMatch(/at most a week/);
  expect(whyRefused({ hold: '11' })).toBe('--hold takes seconds from 0 to 10, not "11".');
  expect(parsePublishOptions(options({ hold: '0' })).loss).toEqual({ heldMs: 0 });
});
