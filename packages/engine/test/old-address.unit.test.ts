import { expect, test } from 'vitest';

interface OldAddress {
  readonly type: string;
  readonly keys?: readonly string[];
  readonly way?: string;
  readonly host?: string;
  readonly isRtmp?: boolean;
}

// The page's script, as a browser loads it.
const script = new URL('../assets/viewer/old-address.js', import.meta.url).href;
const { readOldAddress } = (await import(script)) as {
  readOldAddress: (
    parameters: URLSearchParams,
    here: { hostname: string; host: string },
  ) => OldAddress;
};

const read = (streamer: string | undefined, file: string | undefined): OldAddress =>
  readOldAddress(
    new URLSearchParams({
      ...(streamer !== undefined && { streamer }),
      ...(file !== undefined && { file }),
    }),
    { hostname: 'tv.example.org', host: 'tv.example.org:8080' },
  );

const stream = (...keys: string[]): OldAddress => ({ type: 'stream', keys });

test.each<[string | undefined, string | undefined, OldAddress]>([
  ['rtmp://tv.example.org/live', 'one', stream('live/one')],
  ['rtmp://tv.example.org:1935/live/', '/one', stream('live/one')],
  ['rtmps://TV.example.org/live/room', 'one', stream('live/room/one')],
  ['rtmp://tv.example.org/live?token=x', 'one?token=x', stream('live/one')],
  ['rtmp://user:word@tv.example.org/live', 'one', stream('live/one')],
  ['rtmp:///live', 'one', stream('live/one')],
  ['live', 'one', stream('live/one')],
  ['/live/', 'one', stream('live/one')],
  [undefined, 'live/one', stream('live/one')],
  ['rtmp://tv.example.org/live', 'one.flv', stream('live/one.flv', 'live/one')],
  ['rtmp://tv.example.org/live', 'flv:one', stream('live/flv:one', 'live/one')],
  [
    'rtmp://tv.example.org/live',
    'mp4:one.mp4',
    stream('live/mp4:one.mp4', 'live/one.mp4', 'live/one'),
  ],
  [undefined, 'rtmp://tv.example.org/live/mp4:one', stream('live/mp4:one', 'live/one')],
  ['rtmp://tv.example.org/%E7%9B%B4%E6%92%AD', 'one', stream('直播/one')],
])('streamer %s, file %s: a stream of this server', (streamer, file, expected) => {
  expect(read(streamer, file)).toEqual(expected);
});

test.each<[string | undefined, string | undefined, OldAddress]>([
  [
    'http://tv.example.org:8080/live/one/index.m3u8',
    undefined,
    { ...stream('live/one'), way: 'hls' },
  ],
  [
    undefined,
    'http://tv.example.org:8080/live/one/manifest.mpd?x=1',
    { ...stream('live/one'), way: 'dash' },
  ],
  [undefined, 'http://tv.example.org:8080/live/one.flv', stream('live/one')],
  ['ws://tv.example.org:8080/live', 'one.flv', stream('live/one')],
])('streamer %s, file %s: an address of this server', (streamer, file, expected) => {
  expect(read(streamer, file)).toEqual(expected);
});

test.each<[string | undefined, string | undefined, OldAddress]>([
  ['rtmp://other.example/live', 'one', { type: 'elsewhere', host: 'other.example', isRtmp: true }],
  [
    'rtmp://tv.example.org.evil.example/live',
    'one',
    { type: 'elsewhere', host: 'tv.example.org.evil.example', isRtmp: true },
  ],
  // The page's own port counts where the address is the page's kind.
  [
    undefined,
    'https://tv.example.org/live/one/index.m3u8',
    { type: 'elsewhere', host: 'tv.example.org', isRtmp: false },
  ],
  [undefined, undefined, { type: 'unnamed' }],
  ['live', undefined, { type: 'unnamed' }],
  [undefined, 'one', { type: 'unnamed' }],
  ['rtmp://tv.example.org/live', '', { type: 'unnamed' }],
  [undefined, 'javascript:alert(1)', { type: 'unnamed' }],
  ['file:///etc', 'passwd', { type: 'unnamed' }],
])('streamer %s, file %s: nothing that is played here', (streamer, file, expected) => {
  expect(read(streamer, file)).toEqual(expected);
});

test('the names of the machine itself are one', () => {
  const parameters = new URLSearchParams({ streamer: 'rtmp://localhost/live', file: 'one' });
  for (const hostname of ['127.0.0.1', 'localhost', '[::1]']) {
    const here = { hostname, host: `${hostname}:8080` };
    expect(readOldAddress(parameters, here)).toEqual(stream('live/one'));
  }
});
