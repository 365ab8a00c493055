import { AppError } from '@tallylight/contract';
import { expect, test } from 'vitest';
import { cliEnglish } from '../../test/support/cli-messages.js';
import {
  formatHostPort,
  parseBitrate,
  parseHostPort,
  parseFps,
  parsePort,
  parseSeconds,
  parseSize,
  parseSource,
} from './option-values.js';

test.each([
  ['2500k', 2_500_000],
  ['2.5M', 2_500_000],
  ['2.5m', 2_500_000],
  ['128000', 128_000],
  ['0.5k', 500],
  // Which bitrates there are, others know.
  ['-1k', -1000],
])('the bitrate %s', (text, expected) => {
  expect(parseBitrate('--video-bitrate', text)).toBe(expected);
});

test.each(['', 'k', '--1k', '1e6', '2500 k', '2500kbit', '0x10'])('no bitrate: "%s"', (text) => {
  expect(() => parseBitrate('--video-bitrate', text)).toThrow('--video-bitrate');
});

test.each([
  ['1280x720', { width: 1280, height: 720 }],
  ['640X360', { width: 640, height: 360 }],
  ['1920×1080', { width: 1920, height: 1080 }],
  ['1280*720', { width: 1280, height: 720 }],
])('the size %s', (text, expected) => {
  expect(parseSize('--size', text)).toEqual(expected);
});

test.each(['1280', '1280x', '1x', '-2x2', '1280x720x3', '720p', '1280:720'])(
  'no size: "%s"',
  (text) => {
    expect(() => parseSize('--size', text)).toThrow('--size');
  },
);

test('seconds, with a fraction or the unit', () => {
  expect(parseSeconds('--duration', '10')).toBe(10_000);
  expect(parseSeconds('--duration', '2.5')).toBe(2500);
  expect(parseSeconds('--duration', '3s')).toBe(3000);
});

test.each(['0', '-1', 'ten', '1e3', '', 'Infinity', '1m'])('no number of seconds: "%s"', (text) => {
  expect(() => parseSeconds('--duration', text)).toThrow('--duration');
});

test('frames per second may be a fraction', () => {
  expect(parseFps('--fps', '29.97')).toBe(29.97);
});

test.each([
  ['127.0.0.1:1935', { host: '127.0.0.1', port: 1935 }],
  ['localhost:0', { host: 'localhost', port: 0 }],
  ['[::1]:8080', { host: '::1', port: 8080 }],
])('the address %s', (text, expected) => {
  expect(parseHostPort('--rtmp', text, '127.0.0.1:1935')).toEqual(expected);
  expect(formatHostPort(expected)).toBe(text);
});

test.each(['1935', ':1935', 'host', 'host:', 'host:65536', '::1:80', 'a b:80', 'host:-1'])(
  'no address: "%s"',
  (text) => {
    expect(() => parseHostPort('--rtmp', text, '127.0.0.1:1935')).toThrow('--rtmp');
  },
);

test.each([
  // Its form is right: it is the port that is wrong.
  ['127.0.0.1:99999', /^The port of --rtmp is a number from 1 to 65535, .*not "99999"/],
  ['127.0.0.1:123456', /^The port of --rtmp .*not "123456"/],
  ['host:-1', /^The port of --rtmp .*not "-1"/],
  ['[::1]:rtmp', /^The port of --rtmp .*not "rtmp"/],
  ['1935', /HOST:PORT such as 127\.0\.0\.1:1935, not "1935"/],
  ['::1:80', /HOST:PORT such as \[::1\]:1935, not "::1:80"/],
])('what is wrong with the address %s', (text, says) => {
  expect(sentence(() => parseHostPort('--rtmp', text, '127.0.0.1:1935'))).toMatch(says);
});

test('a port alone', () => {
  expect(parsePort('--port', '65535')).toBe(65_535);
  expect(sentence(() => parsePort('--port', '65536'))).toMatch(/^The port of --port .*"65536"/);
});

function sentence(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return cliEnglish.error(error.info).message;
    throw error;
  }
  return '';
}

test.each([
  ['test', { type: 'test' }],
  ['file:/a/b.mp4', { type: 'file', path: '/a/b.mp4' }],
  ['file:C:\\a,b.mp4', { type: 'file', path: 'C:\\a,b.mp4' }],
  ['camera:/dev/video0', { type: 'camera', id: '/dev/video0' }],
  [
    'camera:/dev/video0,mic:hw:Loopback,1,0',
    { type: 'camera', id: '/dev/video0', microphoneId: 'hw:Loopback,1,0' },
  ],
  ['camera:a,b,mic:c', { type: 'camera', id: 'a,b', microphoneId: 'c' }],
  ['stream:live/cam', { type: 'stream', app: 'live', name: 'cam' }],
  ['stream:a/b/现场 1', { type: 'stream', app: 'a/b', name: '现场 1' }],
  ['rtmp://host/live/cam', { type: 'pulled-stream', url: 'rtmp://host/live/cam' }],
  ['RTMPS://host/a/b', { type: 'pulled-stream', url: 'RTMPS://host/a/b' }],
])('the source %s', (text, expected) => {
  expect(parseSource(text)).toEqual(expected);
});

test.each(['', 'file:', 'camera:', 'camera:,mic:a', 'camera:a,mic:', 'tests', 'mic:a'])(
  'no source: "%s"',
  (text) => {
    expect(() => parseSource(text)).toThrow('--source');
  },
);

test.each([
  ...['', 'live', '/cam', 'live/', 'live//cam', '/live/cam', 'live/cam?key=1', 'live/c\u0007m'],
  ...['live/cam ', ' live/cam', 'rtmp://host/live/cam/'],
])('no stream that anybody could publish: "%s"', (text) => {
  expect(sentence(() => parseSource(`stream:${text}`))).toContain('APP/STREAM, such as live/show');
});
