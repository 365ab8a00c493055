import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { until } from '../../../test/support/until.js';
import { request, ServerUnderAttack } from './support/hostile-server.js';

const canary = 'nobody may read this';
let attacked: ServerUnderAttack;
let folder = '';
let segment = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallylight-hostile-'));
  const viewerDirectory = join(folder, 'viewer');
  await mkdir(viewerDirectory);
  await writeFile(join(folder, 'secret.txt'), canary);
  await writeFile(join(viewerDirectory, 'index.html'), '<title>the page</title>');
  attacked = await ServerUnderAttack.start({
    viewerDirectory,
    segments: { segmentSeconds: 1 },
    limits: { http: { requestMs: 1500 } },
  });
  for (let count = 0; count < 80; count += 1) await attacked.frame();
  const playlist = await until('segments', async () => {
    const text = await attacked.exchange(request('/live/one/video.m3u8'));
    return text.includes('.m4s') && text;
  });
  segment = Number(/video-(\d+)\.m4s/.exec(playlist)?.[1]);
});
afterAll(async () => {
  await attacked.close();
  await rm(folder, { recursive: true, force: true });
});
afterEach(async () => {
  expect(await attacked.exchange(request('/api/streams'))).toContain('"name":"one"');
});

const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1] ?? 0);
const answers = (text: string): number => text.split('HTTP/1.1 ').length - 1;

test('no way to write a path leads out of the folder of the page', async () => {
  const dots = ['..', '%2e%2e', '.%2E', '%252e%252e', '..%00', '..;', '%c0%ae%c0%ae', '\xff\x0e.'];
  const slashes = ['/', '%2f', '\\', '%5c', '%252f', '%c0%af', '//'];
  const prefixes = ['/', '/viewer/', '//', '/live/one/', 'http://localhost/viewer/'];
  const targets = ['secret.txt', 'etc/passwd'];
  const paths = prefixes.flatMap((prefix) =>
    dots.flatMap((dot) =>
      slashes.flatMap((slash) =>
        targets.map((target, deep) => {
          const up = `${dot}${slash}`.repeat(deep === 0 ? 1 : 12);
          return `${prefix}${up}${target.replaceAll('/', slash)}`;
        }),
      ),
    ),
  );
  for (const path of [...paths, '/secret.txt', 'file:///etc/passwd', '/viewer/', '/viewer']) {
    const answer = await attacked.exchange(request(path));
    expect([path, [400, 404].includes(statusOf(answer))]).toEqual([path, true]);
    expect(answer.includes(canary) || answer.includes('root:')).toBe(false);
  }
  expect(await attacked.exchange(request('/'))).toContain('the page');
});

const many = (count: number, line: (index: number) => string): string[] =>
  Array.from({ length: count }, (_, index) => line(index));
const body = 'GET /live/one/index.m3u8 HTTP/1.1\r\nHost: localhost\r\n\r\n';
const foreign = ['Origin: https://elsewhere.example'];
const socketHeaders = [
  ...['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'],
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
];
const bare = (...lines: readonly string[]): string => [...lines, '', ''].join('\r\n');

test.each([
  ['two lengths', request('/', ['Content-Length: 5', 'Content-Length: 6']), 400],
  ['a length and chunks', request('/', ['Content-Length: 5', 'Transfer-Encoding: chunked']), 400],
  ['chunks that are none', request('/', ['Transfer-Encoding: chunked, identity']), 400],
  ['a space before the colon', request('/', ['Transfer-Encoding : chunked']), 400],
  ['a length below zero', request('/', ['Content-Length: -1']), 400],
  ['a length with a sign', request('/', ['Content-Length: +5']), 400],
  ['a length beyond all numbers', request('/', [`Content-Length: ${'9'.repeat(30)}`]), 400],
  ['a folded header', request('/', ['X: a', ' b: c']), 400],
  ['lines that end without a return', request('/').replaceAll('\r\n', '\n\r'), 400],
  ['HTTP/0.9', 'GET /\r\n', [400, 408]],
  ['HTTP/2 without asking', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
  ['a version that is none', bare('GET / HTTP/9.9', 'Host: localhost'), 400],
  ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
  ['an RTMP handshake', `\x03${'\0'.repeat(1536)}`, 400],
  ['NUL in the path', request('/\0'), 400],
  ['NUL in a header', request('/', ['X: \0']), 400],
  ['NUL, encoded, in a stream', request('/live/one%00.flv'), 404],
  ['NUL, encoded, in a file', request('/viewer/viewer.js%00.html'), 404],
  ['a header of 17 KB', request('/', [`X: ${'x'.repeat(17_000)}`]), 431],
  ['a path of 17 KB', request(`/${'a/'.repeat(8500)}`), 431],
  ['a path of 15,000 slashes', request(`${'/'.repeat(15_000)}x.flv`), 404],
  [
    '2,500 headers',
    request(
      '/nothing',
      many(2500, (n) => `${n}:`),
    ),
    404,
  ],
  ['no host', bare('GET / HTTP/1.1'), 400],
  ['no host, as HTTP/1.0 may', bare('GET /api/streams HTTP/1.0'), 403],
  [
    'another host',
    bare('GET /api/streams HTTP/1.1', 'Host: evil.example', 'Connection: close'),
    403,
  ],
  ['another host, in the line', request('http://evil.example/api/streams'), 404],
  [
    'two hosts',
    bare('GET /api/streams HTTP/1.1', 'Host: evil.example', 'Host: localhost', 'Connection: close'),
    [400, 403],
  ],
  ...['.flv', '/index.m3u8', '/video.m3u8', '/manifest.mpd'].map(
    (file) => [`${file} for another page`, request(`/live/one${file}`, foreign), 403] as const,
  ),
  [
    'a WebSocket for another page',
    bare('GET /live/one.flv HTTP/1.1', 'Host: localhost', ...socketHeaders, ...foreign),
    403,
  ],
  [
    'a WebSocket of another host',
    bare('GET /live/one.flv HTTP/1.1', 'Host: evil.example', ...socketHeaders),
    403,
  ],
  [
    'a WebSocket without a key',
    bare('GET /live/one.flv HTTP/1.1', 'Host: localhost', ...socketHeaders.slice(0, 3)),
    400,
  ],
  [
    'a WebSocket of another version',
    bare(
      'GET /live/one.flv HTTP/1.1',
      'Host: localhost',
      ...socketHeaders.slice(0, 2),
      'Sec-WebSocket-Version: 99',
      ...socketHeaders.slice(3),
    ),
    [400, 426],
  ],
  ...['POST', 'PUT', 'DELETE', 'TRACE', 'PROPFIND'].map(
    (method) => [method, request('/live/one.flv', [], method), 405] as const,
  ),
  ['CONNECT', request('evil.example:443', [], 'CONNECT'), 0],
  ['a method that is none', request('/', [], 'FROBNICATE'), 400],
  ['an upload', request('/', ['Content-Length: 1000000'], 'POST') + 'x'.repeat(1_000_000), 405],
  ['an expectation', request('/', ['Expect: the-unexpected']), 417],
  ...['-1', 'NaN', '1e9', '9'.repeat(400), '%00', '0x10', ''].map(
    (msn) =>
      [
        `_HLS_msn=${msn.slice(0, 9)}`,
        request(`/live/one/video.m3u8?_HLS_msn=${msn}`),
        200,
      ] as const,
  ),
  ['_HLS_msn far ahead', request('/live/one/video.m3u8?_HLS_msn=999999999999999'), 400],
  ['_HLS_part alone', request('/live/one/video.m3u8?_HLS_part=999999999999999'), 200],
  [
    '_HLS_msn and _HLS_part, of old',
    request('/live/one/video.m3u8?_HLS_msn=0&_HLS_part=99999'),
    200,
  ],
  ['a query of thousands', request(`/live/one/video.m3u8?${'_HLS_msn=7&'.repeat(1300)}`), 200],
  ['a segment of no number', request('/live/one/video-0.m4s'), 404],
  ['a part far ahead', request('/live/one/video-999999999999999.99999.m4s'), 404],
] as [string, string, number | number[]][])('%s', async (_, bytes, status) => {
  const answer = await attacked.exchange(bytes);
  expect([status].flat()).toContain(statusOf(answer));
  expect(answers(answer)).toBe(status === 0 ? 0 : 1);
});

test('what is waited for is waited for no longer than three segments', async () => {
  const before = performance.now();
  const paths = ['video.m3u8?_HLS_msn=', 'video.m3u8?_HLS_part=99999&_HLS_msn='];
  const next = segment + (await listed());
  const statuses = await Promise.all(
    paths.map(async (path) =>
      statusOf(await attacked.exchange(request(`/live/one/${path}${next}`))),
    ),
  );
  expect(statuses).toEqual([503, 503]);
  expect(performance.now() - before).toBeGreaterThan(2500);
});

const listed = async (): Promise<number> =>
  (await attacked.exchange(request('/live/one/video.m3u8'))).match(/video-\d+\.m4s/g)?.length ?? 0;

test.each([
  ...['0-0', '5-2', '-0', `0-${'9'.repeat(30)}`, '99999999-', '--', 'x', `${'0-,'.repeat(3000)}1-`],
])('a range, %s, is passed over: the segment is whole', async (range) => {
  const answer = await attacked.exchange(
    request(`/live/one/video-${segment}.m4s`, [`Range: bytes=${range}`]),
  );
  expect(statusOf(answer)).toBe(200);
  const [head = '', ...rest] = answer.split('\r\n\r\n');
  expect(rest.join('\r\n\r\n').length).toBe(Number(/content-length: (\d+)/i.exec(head)?.[1]));
});

test('a request within the body of another is none', async () => {
  const wrapped = request('/', [`Content-Length: ${body.length}`]) + body;
  const chunked = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
  for (const bytes of [wrapped, request('/', ['Transfer-Encoding: chunked']) + chunked]) {
    const answer = await attacked.exchange(bytes);
    expect([answers(answer), answer.includes('#EXTM3U')]).toEqual([1, false]);
  }
});

test('requests one behind the other are answered in their order; too many end the connection', async () => {
  const list = 'GET /api/streams HTTP/1.1\r\nHost: localhost\r\n\r\n';
  const answer = await attacked.exchange(list + body + request('/'));
  const order = ['"name":"one"', '#EXTM3U', 'the page'].map((text) => answer.indexOf(text));
  expect(order).toEqual([...order].sort((a, b) => a - b));
  expect(order).not.toContain(-1);
  expect(answers(await attacked.exchange(list.repeat(5000)))).toBeLessThanOrEqual(4);
});

test.each([
  ['a head', (at: number) => request('/')[at % 20] ?? ''],
  [
    'a WebSocket’s head',
    (at: number) => (at === 0 ? bare('GET /live/one.flv HTTP/1.1').slice(0, -2) : 'X: y\r\n'),
  ],
  [
    'a body',
    (at: number) =>
      at === 0
        ? request('/', ['Content-Length: 100000']).replace('Connection: close\r\n', '')
        : 'x',
  ],
  [
    'chunks',
    (at: number) =>
      at === 0
        ? request('/', ['Transfer-Encoding: chunked'], 'POST').replace('Connection: close\r\n', '')
        : '1\r\nx\r\n',
  ],
])('%s that comes a little at a time is ended', async (_, piece) => {
  const socket = await attacked.open('http');
  let at = 0;
  const timer = setInterval(() => socket.write(piece(at++)), 50);
  await new Promise((resolve) => socket.resume().once('close', resolve));
  clearInterval(timer);
  expect(at).toBeGreaterThan(5);
});
