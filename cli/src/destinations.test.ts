import { AppError } from '@tallylight/contract';
import { parseRtmpUrl } from 'node-rtmp-client';
import { expect, test } from 'vitest';
import {
  resolveDestinations,
  resolveStream,
  warningsOf,
  type DestinationOptions,
  type StreamOptions,
  type StreamPlace,
} from './destinations.js';

const key = 'live_s3cret';
const profile = {
  ...{ name: 'Church', address: parseRtmpUrl('rtmp://church/live'), streamKey: key },
  watchUrl: 'http://church/watch',
};

const resolve = (options: Partial<DestinationOptions>, environment: NodeJS.ProcessEnv = {}) =>
  resolveDestinations({ to: [], ...options }, environment, () => Promise.resolve(profile));

/** What the server is told of a stream. */
const told = ({ address, streamKey }: Pick<StreamPlace, 'address' | 'streamKey'>): string =>
  `${address.tcUrl} | ${address.app} | ${streamKey}`;

const named = (url: string, options: StreamOptions = {}): string =>
  told(resolveStream(url, options, { K: `${key}\n`, P: 'w0rd \n' }));

async function failure(promise: Promise<unknown>): Promise<AppError['info']> {
  const error: unknown = await promise.catch((thrown: unknown) => thrown);
  if (!(error instanceof AppError)) throw new Error('it did not fail as it should');
  expect(JSON.stringify(error.info)).not.toContain(key);
  return error.info;
}

test('--to alone ends with the key, query included', async () => {
  const [first, second] = await resolve({
    to: [`rtmp://a/app/${key}?bandwidthtest=true`, `rtmps://b:444/x/${key}`],
  });
  expect(first && told(first)).toBe(`rtmp://a/app | app | ${key}?bandwidthtest=true`);
  expect(second && told(second)).toBe(`rtmps://b:444/x | x | ${key}`);
  expect(first?.id).not.toBe(second?.id);
});

test.each<[string, StreamOptions, string]>([
  ['rtmp://a/app', { key }, `rtmp://a/app | app | ${key}`],
  ['rtmp://a/app', { keyEnv: 'K' }, `rtmp://a/app | app | ${key}`],
  ['rtmp://a', { key }, `rtmp://a/ |  | ${key}`],
  ['rtmp://a/app', { key: '' }, 'rtmp://a/app | app | '],
  ['rtmp://a/app', { key: 'a key' }, 'rtmp://a/app | app | a key'],
  ['rtmp://a/live?secret=1', { key: 'cam' }, 'rtmp://a/live?secret=1 | live?secret=1 | cam'],
  ['rtmp://a/live', { key: `rtmp://a/live/${key}` }, `rtmp://a/live | live | ${key}`],
  ['rtmp://a/vod/mp4:b/c', { app: 'vod' }, 'rtmp://a/vod | vod | mp4:b/c'],
  ['rtmp://a/b/c', { app: 'vod' }, 'rtmp://a/vod | vod | b/c'],
  ['rtmp://a', { app: 'vod', key: 'b/c' }, 'rtmp://a/vod | vod | b/c'],
  ['rtmp://a/vod', { app: 'vod', key: 'b/c' }, 'rtmp://a/vod | vod | b/c'],
  ['推流地址：rtmp：//a／app', { key }, `rtmp://a/app | app | ${key}`],
  ['rtmp：//a', { app: 'app', key }, `rtmp://a/app | app | ${key}`],
  ['rtmp://a', { app: 'live?vhost=x', key }, `rtmp://a/live?vhost=x | live?vhost=x | ${key}`],
])('%s with %o is %s', (url, options, expected) => {
  expect(named(url, options)).toBe(expected);
});

test('a user and a password come from the URL, or from the options', () => {
  const options = { user: 'me', passwordEnv: 'P', key };
  for (const url of ['rtmp://a/app', 'rtmp://other:one@a/app']) {
    const { address } = resolveStream(url, options, { P: 'w0rd \n' });
    expect(address).toMatchObject({ tcUrl: 'rtmp://a/app' });
    expect(address.credentials).toEqual({ user: 'me', password: 'w0rd ' });
  }
  for (const stream of [{ key }, { app: 'app', key }]) {
    const { address } = resolveStream('rtmp://me:w0rd@a/app', stream, {});
    expect(address).toMatchObject({ tcUrl: 'rtmp://a/app' });
    expect(address.credentials).toEqual({ user: 'me', password: 'w0rd' });
  }
});

test('--profile gives the key, and the server unless --to does', async () => {
  expect(await resolve({ profile: 'Church' })).toEqual([{ ...profile, id: '1' }]);
  // What goes elsewhere cannot be watched there.
  expect(await resolve({ profile: 'Church', to: ['rtmp://other/app'] })).toEqual([
    { id: '1', name: 'Church', address: parseRtmpUrl('rtmp://other/app'), streamKey: key },
  ]);
});

test('what is worth a word before anything is sent', () => {
  const codes = (url: string, options: StreamOptions = {}): string[] =>
    warningsOf(resolveStream(url, options, {})).map(({ code }) => code);
  expect(codes(`rtmp://a/app/${key}`)).toEqual([]);
  expect(codes('rtmp://a/app')).toEqual(['EMPTY_KEY']);
  expect(codes('rtmp://a', { key })).toEqual(['URL_WITHOUT_APP']);
  expect(codes('rtmp://a')).toEqual(['URL_WITHOUT_APP', 'EMPTY_KEY']);
  expect(codes('rtmp://a?token=x')).toEqual(['URL_WITHOUT_APP']);
  expect(codes('rtmp://a/path?user=a&pass=b')).toEqual([]);
  expect(codes('rtmp://a:b@c/path')).toEqual([]);
  expect(codes(`rtmp://a/app/${key}`, { key: 'k' })).toEqual(['KEY_IN_URL']);
  expect(codes('rtmp://a/app/_definst_', { key })).toEqual([]);
  expect(codes('rtmp://a/app/mykey', { key: '' })).toEqual(['EMPTY_KEY', 'KEY_IN_URL']);
  expect(codes('rtmp://a/app/mykey', { key: 'mykey' })).toEqual(['KEY_IN_URL']);
  expect(codes('rtmp://me:word@a/app/inst', { key: '' })).toEqual([]);
  expect(codes(`rtmp://a/app/inst/${key}`)).toEqual(['URL_READ_AS']);
});

test.each<Partial<DestinationOptions>>([
  {},
  { to: ['rtmp://a/app'], key, profile: 'Church' },
  { to: ['rtmp://a/app'], key, keyEnv: 'K' },
  { to: ['rtmp://a/app'], keyEnv: 'NOT_SET' },
  { to: [`rtmp://a/app/${key}`], user: 'me' },
  { to: [`rtmp://a/app/${key}`], passwordEnv: 'P' },
  { to: ['rtmp://a/app/b'], app: 'app', key },
  { to: ['rtmp://a/app'], key: `rtmp://b/app/${key}` },
  { profile: 'Church', app: 'app' },
])('%o contradicts itself or lacks something', async (options) => {
  expect((await failure(resolve(options))).code).toBe('INVALID_OPTION');
});

test.each([`http://a/app/${key}`, `rtmp:/a/app/${key}`, key, `rtmp://a:99999/app/${key}`])(
  'a URL that is none is not repeated with its key: %s',
  async (url) => {
    expect((await failure(resolve({ to: [url] }))).code).toBe('INVALID_URL');
  },
);
