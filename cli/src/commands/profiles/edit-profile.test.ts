import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { ProfileStore, type Logger } from '@tallylight/engine';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cliEnglish } from '../../../../test/support/cli-messages.js';
import type { CliDependencies } from '../../cli-dependencies.js';
import { Printer } from '../../printer.js';
import { edit, type EditOptions } from './edit-profile.js';

const key = 'k3y-of-church';
const playUrl = 'rtmp://a/b/show';
const logger = { addSecret: () => undefined } as unknown as Logger;
const cipher = {
  protection: { type: 'system' },
  encrypt: (text: string) => Promise.resolve(Buffer.from(text).toString('base64')),
  decrypt: (text: string) => Promise.resolve(Buffer.from(text, 'base64').toString()),
};

let folder = '';
let store: ProfileStore;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallylight-edit-'));
  store = new ProfileStore({
    dataDirectory: folder,
    secretCipher: () => Promise.resolve(cipher as never),
    logger,
    onNotice: () => undefined,
    builtIn: { serverUrl: 'rtmp://127.0.0.1/live', streamKey: 'preview' },
  });
  await store.save({
    ...{ name: 'Church', serverUrl: 'rtmp://a/b', streamKey: key },
    ...{ user: 'me', password: 'w0rd', playUrl },
  });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** What was said, and the profile after it, with its secrets. */
async function editing(options: EditOptions, { answer = '', isTerminal = false } = {}) {
  let said = '';
  const sink = { write: (text: string) => (said += text) };
  const stdin = Object.assign(new PassThrough(), {
    isTTY: isTerminal,
    setRawMode: () => stdin,
  }) as unknown as NodeJS.ReadStream & PassThrough;
  stdin.end(answer);
  const deps = {
    ...{ messages: cliEnglish, environment: { P: 'n3w', NOTHING: '' }, stdin, stderr: sink },
    ...{ interrupted: new AbortController().signal, logger: () => logger },
    calledAs: () => 'tallylight',
  } as unknown as CliDependencies;
  const printer = new Printer({
    ...{ json: false, messages: cliEnglish, command: 'edit', program: 'tallylight' },
    ...{ stdout: sink, stderr: sink },
  });
  const { summary } = await edit(store, printer, 'Church', options, deps);
  expect(summary).toHaveProperty('profile');
  const id = (await store.list())[1]?.id ?? '';
  const { profile, streamKey, credentials } = await store.target(id);
  const { name, serverUrl, playUrl: watch } = profile;
  return { said, after: { name, serverUrl, streamKey, ...credentials, playUrl: watch } };
}

const saved = { name: 'Church', serverUrl: 'rtmp://a/b', streamKey: key, playUrl };
const login = { user: 'me', password: 'w0rd' };

describe('what is saved stays', () => {
  test.each<[string, EditOptions, object]>([
    ['stdin is empty', {}, { answer: '' }],
    ['stdin is an empty line', {}, { answer: '\n' }],
    ['Enter alone is pressed', {}, { answer: '\r', isTerminal: true }],
    ['--key is empty', { key: ' ' }, {}],
    ['the variable of --key-env is empty', { keyEnv: 'NOTHING' }, {}],
  ])('where %s', async (_, options, how) => {
    const { said, after } = await editing(options, how);
    expect(after).toEqual({ ...saved, ...login });
    expect(said).toContain('Its saved stream key stays; --no-key removes it.');
    expect(said).not.toContain('has no stream key');
    if ('isTerminal' in how) expect(said).toMatch(/^New stream key \(empty: the saved one stays;/);
  });

  test('where the variable of --password-env is empty', async () => {
    const { after } = await editing({ user: 'me', passwordEnv: 'NOTHING' });
    expect(after).toEqual({ ...saved, ...login });
  });
});

test.each<[EditOptions, object]>([
  [{ key: 'other' }, { ...saved, ...login, streamKey: 'other' }],
  [{ key: false }, { ...saved, ...login, streamKey: '' }],
  [{ user: false }, saved],
  [
    { user: 'you', passwordEnv: 'P' },
    { ...saved, user: 'you', password: 'n3w' },
  ],
  [{ watch: false }, { ...saved, ...login, playUrl: undefined }],
  [
    { watch: ' https://a/b/show.m3u8?token=t ' },
    { ...saved, ...login, playUrl: 'https://a/b/show.m3u8?token=t' },
  ],
  [{ name: 'Chapel' }, { ...saved, ...login, name: 'Chapel' }],
  [{ url: 'rtmp://c/d' }, { ...saved, ...login, serverUrl: 'rtmp://c/d' }],
  // It may be an instance of the application.
  [{ url: 'rtmp://c/d/show' }, { ...saved, ...login, serverUrl: 'rtmp://c/d/show' }],
  [
    { url: 'rtmp://c/d/live_4711_kEy0fSome0neElse' },
    { ...saved, ...login, serverUrl: 'rtmp://c/d', streamKey: 'live_4711_kEy0fSome0neElse' },
  ],
  [
    { url: 'rtmp://you:n3w@c/d' },
    { ...saved, serverUrl: 'rtmp://c/d', user: 'you', password: 'n3w' },
  ],
])('only what is given changes: %o', async (options, wanted) => {
  const { after } = await editing(options);
  expect(after).toEqual(wanted);
});

test.each(['', 'https://a/b', 'rtmp://a'])('%j is no address for watching', async (watch) => {
  await expect(editing({ watch })).rejects.toMatchObject({ info: { code: 'PLAY_URL_INVALID' } });
});

test('that the saved key goes to another server is said', async () => {
  const { said } = await editing({ url: 'rtmp://c/d' });
  expect(said).toContain('Its saved stream key stays, and goes to rtmp://c/d from now on;');
  expect(said).not.toContain(key);
});

test('a key that is removed cannot be another at the same time', async () => {
  await expect(editing({ key: false, keyEnv: 'P' })).rejects.toMatchObject({
    info: { code: 'INVALID_OPTION', data: { reason: { reason: 'only-one-option' } } },
  });
});
