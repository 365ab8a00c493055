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
  resolveDestinations({ to: [], ...options }, environment, (name) =>
    Promise.resolve({ ...profile, name }),
  );

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
  ['rtmp://a', { app: 'live', key: `rtmp://a/live/${key}` }, `rtmp://a/live | live | ${key}`],
  ['rtmp://a:21/live', { key: `rtmp://a:21/live/${key}` }, `rtmp://a:21/live | live | ${key}`],
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

test('every --profile is a destination, also beside --to, and its key goes nowhere else', async () => {
  expect(await resolve({ profile: ['Church'] })).toEqual([{ ...profile, id: '1' }]);
  const targets = await resolve({ to: ['rtmp://other/app/own'], profile: ['Church', 'Hall'] });
  expect(targets.map(({ id, name }) => [id, name])).toEqual([
    ['1', 'rtmp://other/app'],
    ['2', 'Church'],
    ['3', 'Hall'],
  ]);
  expect(targets.map(told)).toEqual([
    'rtmp://other/app | app | own',
    `rtmp://church/live | live | ${key}`,
    `rtmp://church/live | live | ${key}`,
  ]);
});

test('destinations of the same name are numbered', async () => {
  const to = ['rtmp://a/live/one', 'rtmp://b/live/two', 'rtmp://a/live/three'];
  expect((await resolve({ to })).map(({ id, name }) => [id, name])).toEqual([
    ['1', '#1 rtmp://a/live'],
    ['2', 'rtmp://b/live'],
    ['3', '#3 rtmp://a/live'],
  ]);
});

test('the options of streams belong to the --to in the same place', async () => {
  const targets = await resolve(
    {
      ...{ to: ['rtmp://a/app', 'rtmp://b'], keyEnv: ['K1', 'K2'], app: ['app', 'live'] },
      ...{ user: ['one', 'two'], passwordEnv: ['P1', 'P2'], profile: ['Church'] },
    },
    { K1: 'first', K2: 'second', P1: 'p1', P2: 'p2' },
  );
  expect(targets.map(told)).toEqual([
    'rtmp://a/app | app | first',
    'rtmp://b/live | live | second',
    `rtmp://church/live | live | ${key}`,
  ]);
  expect(targets.map(({ address }) => address.credentials)).toEqual([
    { user: 'one', password: 'p1' },
    { user: 'two', password: 'p2' },
    undefined,
  ]);
});

test('what is worth a word before anything is sent', () => {
  const codes = (url: string, options: StreamOptions = {}): string[] =>
    warningsOf(resolveStream(url, options, {})).map(({ code }) => code);
  expect(codes(`rtmp://a/app/${key}`)).toEqual([]);
  expect(codes('rtmp://a/app')).toEqual(['EMPTY_KEY']);
  expect(codes('rtmp://a/app', { key: 'k k' })).toEqual(['KEY_WITH_SPACE']);
  expect(codes('rtmp://a/app', { key: 'ａｂｃ＝１' })).toEqual(['KEY_NOT_ASCII']);
  expect(codes('rtmp://a/app', { key: '密钥 1' })).toEqual(['KEY_WITH_SPACE', 'KEY_NOT_ASCII']);
  for (const address of ['https://a/app', 'rtmp://b']) {
    expect(codes('rtmp://a/app', { key: address })).toEqual(['KEY_IS_ADDRESS']);
    const fromVariable = resolveStream('rtmp://a/app', { keyEnv: 'K' }, { K: address });
    expect(warningsOf(fromVariable).map(({ code }) => code)).toEqual(['KEY_IS_ADDRESS']);
  }
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
  { to: ['rtmp://a/app'], key: [key], keyEnv: ['K'] },
  { to: ['rtmp://a/app'], keyEnv: ['NOT_SET'] },
  { to: [`rtmp://a/app/${key}`], user: ['me'] },
  { to: [`rtmp://a/app/${key}`], passwordEnv: ['P'] },
  { to: ['rtmp://a/app/b'], app: ['app'], key: [key] },
  { to: ['rtmp://a/app'], key: [`rtmp://b/app/${key}`] },
  { to: ['rtmp://a'], app: ['app'], key: [`rtmp://b/app/${key}`] },
  { to: ['rtmp://a/app'], key: [key, key] },
  { to: ['rtmp://a/app', 'rtmp://b/app'], key: [key] },
  { to: ['rtmp://a/app', 'rtmp://b/app'], keyEnv: ['K'] },
  { to: ['rtmp://a/app/k', 'rtmp://b/app/k'], app: ['app'] },
  { to: ['rtmp://a/app/k', 'rtmp://b/app/k'], user: ['me'], passwordEnv: ['P'] },
  { profile: ['Church'], key: [key] },
  { profile: ['Church'], app: ['app'] },
])('%o contradicts itself or lacks something', async (options) => {
  expect((await failure(resolve(options))).code).toBe('INVALID_OPTION');
});

test.each([`http://a/app/${key}`, `rtmp:/a/app/${key}`, key, `rtmp://a:99999/app/${key}`])(
  'a URL that is none is not repeated with its key: %s',
  async (url) => {
    expect((await failure(resolve({ to: [url] }))).code).toBe('INVALID_URL');
  },
);
