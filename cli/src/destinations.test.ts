import { AppError } from '@tallylight/contract';
import { expect, test } from 'vitest';
import { resolveDestinations, type DestinationOptions } from './destinations.js';

const key = 'live_s3cret';
const profile = {
  ...{ name: 'Church', serverUrl: 'rtmp://church/live', streamKey: key },
  watchUrl: 'http://church/watch',
};

const resolve = (options: Partial<DestinationOptions>, environment: NodeJS.ProcessEnv = {}) =>
  resolveDestinations({ to: [], ...options }, environment, () => Promise.resolve(profile));

async function failure(promise: Promise<unknown>): Promise<AppError['info']> {
  const error: unknown = await promise.catch((thrown: unknown) => thrown);
  if (!(error instanceof AppError)) throw new Error('it did not fail as it should');
  expect(JSON.stringify(error.info)).not.toContain(key);
  return error.info;
}

test('--to alone ends with the key, query included', async () => {
  const [first, second] = await resolve({
    to: [`rtmp://a/app/${key}?bandwidthtest=true`, `rtmps://b:444/x/y/${key}`],
  });
  expect(first).toMatchObject({
    serverUrl: 'rtmp://a/app',
    streamKey: `${key}?bandwidthtest=true`,
  });
  expect(second).toMatchObject({ serverUrl: 'rtmps://b:444/x/y', streamKey: key });
  expect(first?.id).not.toBe(second?.id);
});

test('with --key or --key-env, --to is the server alone', async () => {
  const expected = [{ serverUrl: 'rtmp://a/app', streamKey: key }];
  expect(await resolve({ to: ['rtmp://a/app'], key })).toMatchObject(expected);
  expect(await resolve({ to: ['rtmp://a/app'], keyEnv: 'K' }, { K: `${key}\n` })).toMatchObject(
    expected,
  );
});

test('--profile gives the key, and the server unless --to does', async () => {
  expect(await resolve({ profile: 'Church' })).toEqual([{ ...profile, id: '1' }]);
  // What goes elsewhere cannot be watched there.
  expect(await resolve({ profile: 'Church', to: ['rtmp://other/app'] })).toEqual([
    { id: '1', name: 'Church', serverUrl: 'rtmp://other/app', streamKey: key },
  ]);
});

test('what contradicts itself or is missing is wrong usage', async () => {
  expect((await failure(resolve({}))).code).toBe('INVALID_OPTION');
  const two = resolve({ to: ['rtmp://a/app'], key, profile: 'Church' });
  expect((await failure(two)).code).toBe('INVALID_OPTION');
  const unset = await failure(resolve({ to: ['rtmp://a/app'], keyEnv: 'NOT_SET' }));
  expect(unset).toMatchObject({
    code: 'INVALID_OPTION',
    data: { reason: { reason: 'variable-not-set', data: { variable: 'NOT_SET' } } },
  });
});

test.each([{ to: ['rtmp://a/app'], key: ' ' }, { to: ['rtmp://a/app/'] }])(
  'an empty key is told as such: $to',
  async (options) => {
    expect((await failure(resolve(options))).code).toBe('EMPTY_KEY');
  },
);

test.each([`http://a/app/${key}`, `rtmp:/a/app/${key}`, key, `rtmp://a:99999/app/${key}`])(
  'a URL that is none is not repeated with its key: %s',
  async (url) => {
    expect((await failure(resolve({ to: [url] }))).code).toBe('INVALID_URL');
  },
);
