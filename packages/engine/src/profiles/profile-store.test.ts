import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { builtInProfileId, type AppErrorInfo } from '@tallylight/contract';
import type { Logger } from '../logger.js';
import { createKeyFileCipher } from './key-file-cipher.js';
import { ProfileStore } from './profile-store.js';
import type { SecretCipher } from './secret-cipher.js';

const club = { name: 'Club', serverUrl: 'rtmp://example.com/app', streamKey: 'live_secret_1' };
const code = (expected: string) =>
  expect.objectContaining({
    info: expect.objectContaining({ code: expected }) as unknown,
  }) as Error;

describe('ProfileStore', () => {
  let dataDirectory: string;
  let secretCipher: SecretCipher;
  let notices: AppErrorInfo[];
  let secrets: string[];
  let opened: number;

  const open = (cipher = secretCipher): ProfileStore =>
    new ProfileStore({
      dataDirectory,
      secretCipher: () => {
        opened++;
        return Promise.resolve(cipher);
      },
      logger: { addSecret: (value) => secrets.push(value) } as Partial<Logger> as Logger,
      onNotice: (notice) => notices.push(notice),
      builtIn: {
        serverUrl: 'rtmp://127.0.0.1/live',
        streamKey: 'preview',
      },
    });
  const text = (): Promise<string> => readFile(join(dataDirectory, 'profiles.json'), 'utf8');

  beforeEach(async () => {
    dataDirectory = await mkdtemp(join(tmpdir(), 'tallylight-profiles-'));
    secretCipher = await createKeyFileCipher(dataDirectory);
    notices = [];
    secrets = [];
    opened = 0;
  });
  afterEach(() => rm(dataDirectory, { recursive: true, force: true }));

  it('begins with the built-in profile, for which no secret store is opened', async () => {
    const store = open();
    expect(await store.list()).toMatchObject([
      { id: builtInProfileId, kind: 'built-in', hasKey: true },
    ]);
    expect(await store.target('built-in SERVER')).toMatchObject({
      profile: { serverUrl: 'rtmp://127.0.0.1/live' },
      streamKey: 'preview',
    });
    expect((await store.target('内置服务器')).profile.id).toBe(builtInProfileId);
    expect(opened).toBe(0);
  });

  it('keeps keys encrypted, and tells them to the one who publishes', async () => {
    const saved = await open().save(club);
    expect(await text()).not.toContain(club.streamKey);
    if (process.platform !== 'win32') {
      expect((await stat(join(dataDirectory, 'profiles.json'))).mode & 0o777).toBe(0o600);
    }
    const again = open();
    const target = { profile: saved, streamKey: club.streamKey };
    expect(await again.target(saved.id)).toEqual(target);
    expect(await again.target(' cLuB ')).toEqual(target);
    expect(await again.revealKey(saved.id)).toBe(club.streamKey);
  });

  it('keeps the address for watching encrypted until it is emptied, and exports it with keys alone', async () => {
    const playUrl = 'https://cdn.example.com/club/index.m3u8?token=t0ken';
    const store = open();
    const { id } = await store.save({ ...club, playUrl });
    expect(await text()).not.toContain('cdn.example.com');
    await store.save({ id, name: 'Club', serverUrl: club.serverUrl });
    expect((await open().target(id)).profile.playUrl).toBe(playUrl);
    expect((await store.list()).find((profile) => profile.id === id)?.playUrl).toBe(playUrl);

    const exported = await store.export({ withKeys: true });
    expect(exported.profiles).toEqual([{ ...club, playUrl }]);
    expect(JSON.stringify(await store.export({ withKeys: false }))).not.toContain(
      'example.com/club',
    );
    // To another server it does not go along.
    await store.import({
      ...exported,
      profiles: [{ name: 'Club', serverUrl: 'rtmp://other/app' }],
    });
    expect((await store.target(id)).profile).not.toHaveProperty('playUrl');
    await store.import(exported);
    expect((await store.target(id)).profile.playUrl).toBe(playUrl);

    await store.save({ id, name: 'Club', serverUrl: club.serverUrl, playUrl: '' });
    expect((await store.target(id)).profile).not.toHaveProperty('playUrl');
    const bad = store.save({ ...club, id, playUrl: 'https://cdn.example.com/club' });
    await expect(bad).rejects.toThrow(code('PLAY_URL_INVALID'));
  });

  it('tells the logger of every key before anything can log it', async () => {
    const store = open();
    const { id } = await store.save(club);
    expect(secrets).toEqual([club.streamKey]);
    await store.target(id);
    expect(secrets).toHaveLength(2);
  });

  it('leaves the key when none is given, and removes it when an empty one is', async () => {
    const store = open();
    const { id } = await store.save(club);
    const { name, serverUrl } = club;
    expect(await store.save({ id, name: 'Club 2', serverUrl })).toMatchObject({ hasKey: true });
    expect(await store.revealKey(id)).toBe(club.streamKey);
    expect(await store.save({ id, name, serverUrl, streamKey: '' })).toMatchObject({
      hasKey: false,
    });
    expect(await store.revealKey(id)).toBe('');
    // Some servers need none.
    expect((await store.target(id)).streamKey).toBe('');
  });

  it('keeps a token in the server URL like a key', async () => {
    const tokens = ['rtmp://club.example/live?secret=t0ken', 'rtmp://club.example/app?a=t0ken&b=1'];
    for (const serverUrl of tokens) {
      const store = open();
      const { id } = await store.save({
        name: serverUrl.includes('secret') ? 'A' : 'B',
        serverUrl,
        streamKey: 'k',
      });
      expect(await text()).not.toContain('t0ken');
      const again = open();
      expect((await again.target(id)).profile.serverUrl).toBe(serverUrl);
      expect((await again.list()).find((profile) => profile.id === id)).toMatchObject({
        serverUrl,
      });
      expect(JSON.stringify(await again.export({ withKeys: true }))).toContain(serverUrl);
      expect(JSON.stringify(await again.export({ withKeys: false }))).not.toContain('t0ken');
    }
    // What gives nothing away stays readable.
    await open().save({ name: 'V', serverUrl: 'rtmp://club.example/live?vhost=x.example' });
    expect(await text()).toContain('vhost=x.example');
  });

  it('lists a profile whose token can no longer be read, and says so to who publishes', async () => {
    const { id } = await open().save({
      ...{ name: 'T', serverUrl: 'rtmp://club.example/live?secret=t0ken', streamKey: 'k' },
    });
    await rm(join(dataDirectory, 'secret.key'));
    const other = open(await createKeyFileCipher(dataDirectory));
    expect((await other.list())[1]).toMatchObject({ serverUrl: 'rtmp://club.example/live' });
    await expect(other.target(id)).rejects.toMatchObject({ info: { code: 'KEY_UNREADABLE' } });
  });

  it('keeps a user, and a password like a key', async () => {
    const store = open();
    const signed = { ...club, user: 'me', password: 'pa ss@word' };
    const { id, ...saved } = await store.save(signed);
    expect(saved).toMatchObject({ user: 'me', hasPassword: true });
    expect(JSON.stringify([saved, await store.list(), await text()])).not.toContain(
      signed.password,
    );
    expect(secrets).toContain(signed.password);
    const credentials = { user: 'me', password: signed.password };
    expect(await store.target(id)).toMatchObject({ credentials });

    await store.save({ ...club, id });
    expect(await store.target(id)).toMatchObject({ credentials });
    expect(await store.save({ ...club, id, user: '' })).toMatchObject({ hasPassword: false });
    expect((await store.target(id)).credentials).toBeUndefined();
  });

  it('tells apart what was typed together, so that no secret is kept in a URL', async () => {
    const store = open();
    const serverUrl = 'rtmp://me:pa%20ss@example.com/app';
    const { id } = await store.save({ ...club, serverUrl, streamKey: `${club.serverUrl}/k/e?y=1` });
    expect(await store.target(id)).toMatchObject({
      profile: { serverUrl: 'rtmp://example.com/app', user: 'me', hasPassword: true },
      credentials: { user: 'me', password: 'pa ss' },
    });
    expect(await text()).not.toMatch(/pa%20ss|pa ss/);
  });

  it('shows a URL without the token in it', async () => {
    const serverUrl = 'rtmp://example.com/live?secret=t0ken';
    const profile = await open().save({ ...club, serverUrl });
    expect(profile).toMatchObject({ serverUrl, shownUrl: 'rtmp://example.com/live' });
  });

  it.each([
    ['PROFILE_NAME_TAKEN', { ...club, name: 'CLUB' }],
    ['PROFILE_NAME_TAKEN', { ...club, name: 'Built-in Server' }],
    ['PROFILE_NAME_TAKEN', { ...club, name: '内置服务器' }],
    ['PROFILE_NAME_TOO_LONG', { ...club, name: 'n'.repeat(81) }],
    ['PROFILE_NAMELESS', { ...club, name: ' ' }],
    ['PROFILE_NAME_IS_URL', { ...club, name: 'rtmp://example.com/app/live_secret_1' }],
    ['PROFILE_WITHOUT_URL', { ...club, serverUrl: '' }],
    ['PROFILE_VALUE_TOO_LONG', { ...club, name: 'Other', streamKey: 'k'.repeat(1025) }],
    ['PROFILE_READ_ONLY', { ...club, id: builtInProfileId }],
    ['PROFILE_NOT_FOUND', { ...club, name: 'Other', id: 'gone' }],
    ['INVALID_URL', { ...club, name: 'Other', serverUrl: 'https://example.com/app' }],
    ['INVALID_URL', { ...club, name: 'Other', serverUrl: 'rtmp://' }],
    ['INVALID_OPTION', { ...club, name: 'Other', streamKey: 'rtmp://other/app/k' }],
  ])('refuses with %s, and changes nothing', async (expected, input) => {
    const store = open();
    await store.save(club);
    const before = await text();
    await expect(store.save(input)).rejects.toEqual(code(expected));
    expect(await text()).toBe(before);
  });

  it('does not repeat what may be a key in a URL that it refuses', async () => {
    const urls = [
      'rtmp://example.com:99999/app/live_secret_2',
      'http://example.com/app/live_secret_2?auth=live_secret_2',
      'rtmp//example.com/app/live_secret_2',
      'rtmp://me:live_secret_2@/app',
      'live_secret_2',
      'live_secret_2@example.com/app',
    ];
    for (const serverUrl of urls) {
      const refused = await open()
        .save({ name: 'X', serverUrl })
        .then(
          () => undefined,
          (error: unknown) => error,
        );
      expect(refused).toEqual(code('INVALID_URL'));
      expect(JSON.stringify((refused as { info: unknown }).info)).not.toContain('live_secret_2');
    }
  });

  it('says which key cannot be decrypted, and why', async () => {
    const { id } = await open().save(club);
    await rm(join(dataDirectory, 'secret.key'));
    const other = open(await createKeyFileCipher(dataDirectory));
    await expect(other.target(id)).rejects.toMatchObject({
      info: { code: 'KEY_UNREADABLE', data: { profile: 'Club' } },
    });
    expect((await other.list())[1]).toMatchObject({ name: 'Club', hasKey: true });
  });

  it('sets a corrupt file aside, says so, and goes on', async () => {
    await writeFile(join(dataDirectory, 'profiles.json'), '{"profiles": [{"id": 1}]');
    const store = open();
    expect(await store.list()).toHaveLength(1);
    expect(notices).toMatchObject([{ code: 'SETTINGS_CORRUPT' }]);
    const aside = (await readdir(dataDirectory)).find((name) =>
      name.startsWith('profiles.corrupt-'),
    );
    expect(notices[0]?.data).toEqual({ name: 'profiles.json', file: aside });
    expect(await readFile(join(dataDirectory, aside ?? ''), 'utf8')).toContain('"id": 1');
    await store.save(club);
    expect(await store.list()).toHaveLength(2);
    expect(notices).toHaveLength(1);
  });

  it('keeps what two stores save at the same time', async () => {
    const stores = [open(), open()] as const;
    const names = Array.from({ length: 12 }, (_, index) => `Club ${index}`);
    await Promise.all(
      names.map((name, index) => stores[index % 2 === 0 ? 0 : 1].save({ ...club, name })),
    );
    const listed = await open().list();
    expect(listed.map(({ name }) => name).sort()).toEqual(['Built-in server', ...names].sort());
  });

  it('removes a profile at once, and brings it back with its key where it stood, while it runs', async () => {
    const store = open();
    const { id } = await store.save({ ...club, user: 'me', password: 'w0rd' });
    await store.save({ ...club, name: 'Other' });
    const before = await text();
    await store.remove(id);
    expect(await text()).not.toContain(id);
    expect((await open().list()).map(({ name }) => name)).toEqual(['Built-in server', 'Other']);
    await expect(open().restore(id)).rejects.toEqual(code('PROFILE_NOT_FOUND'));
    await store.restore(id);
    expect(await text()).toBe(before);

    await store.remove(id);
    await open().save(club);
    await expect(store.restore(id)).rejects.toEqual(code('PROFILE_NAME_TAKEN'));
    store.forget(id);
    await expect(store.restore(id)).rejects.toEqual(code('PROFILE_NOT_FOUND'));
  });

  it('brings back the last twenty that were removed, and keeps no more', async () => {
    const store = open();
    const ids: string[] = [];
    for (let i = 0; i < 21; i += 1) ids.push((await store.save({ ...club, name: `Club ${i}` })).id);
    for (const id of ids) await store.remove(id);
    await expect(store.restore(ids[0] ?? '')).rejects.toEqual(code('PROFILE_NOT_FOUND'));
    for (const id of ids.slice(1)) await store.restore(id);
    expect(await store.list()).toHaveLength(21);
  });

  it('removes a profile, and its key with it', async () => {
    const store = open();
    const { id } = await store.save(club);
    await store.remove(id);
    expect(await text()).not.toContain('v1:');
    await expect(store.remove(id)).rejects.toEqual(code('PROFILE_NOT_FOUND'));
    await expect(store.remove(builtInProfileId)).rejects.toEqual(code('PROFILE_READ_ONLY'));
  });

  describe('export and import', () => {
    it('goes without keys unless they are asked for', async () => {
      const store = open();
      await store.save(club);
      expect(JSON.stringify(await store.export({ withKeys: false }))).not.toContain('secret');
      expect((await store.export({ withKeys: true })).profiles).toEqual([club]);
    });

    it('brings profiles to another machine, and keeps a key that the file does not have', async () => {
      const store = open();
      await store.save(club);
      const exported: unknown = JSON.parse(JSON.stringify(await store.export({ withKeys: false })));
      await store.import(exported);
      expect(await store.list()).toHaveLength(2);
      expect((await store.target('Club')).streamKey).toBe(club.streamKey);

      const withKeys = await store.export({ withKeys: true });
      await store.remove((await store.list())[1]?.id ?? '');
      await store.import(withKeys);
      expect((await store.target('Club')).streamKey).toBe(club.streamKey);
    });

    it('leaves passwords out, and tokens in URLs with the keys; an import keeps what is known', async () => {
      const store = open();
      const serverUrl = 'rtmp://example.com/live?secret=t0ken';
      await store.save({ ...club, serverUrl, user: 'me', password: 'w0rd' });
      const exported = await store.export({ withKeys: false });
      expect(JSON.stringify(exported)).not.toMatch(/t0ken|w0rd/);
      expect(JSON.stringify(await store.export({ withKeys: true }))).not.toContain('w0rd');
      await store.import(exported);
      expect(await store.target('Club')).toMatchObject({
        profile: { serverUrl },
        ...{ streamKey: club.streamKey, credentials: { user: 'me', password: 'w0rd' } },
      });
      await store.save({ ...club, name: 'Host', serverUrl: 'rtmp://example.com/live?vhost=x' });
      const [, host] = (await store.export({ withKeys: false })).profiles;
      expect(host?.serverUrl).toBe('rtmp://example.com/live?vhost=x');
    });

    it.each([
      ['rtmp://evil.example/live', undefined],
      ['rtmp://example.com:1936/live', undefined],
      ['rtmp://example.com/other', undefined],
      ['rtmps://example.com/live', undefined],
      ['rtmp://evil.example/live', 'me'],
      ['rtmp://EXAMPLE.com:1935/live/', 'same'],
    ])(
      'keeps a saved key and password only where it leads to the same place: %s',
      async (serverUrl, user) => {
        const store = open();
        const before = 'rtmp://example.com/live';
        await store.save({ ...club, serverUrl: before, user: 'me', password: 'w0rd' });
        const isElsewhere = user !== 'same';
        const file = exportOf({ name: 'club', serverUrl, ...(user === 'me' && { user }) });
        const [imported] = await store.import(file);
        expect(imported?.replaced).toEqual({ shownUrl: before, isElsewhere });
        const { streamKey, credentials } = await store.target('Club');
        expect(streamKey).toBe(isElsewhere ? '' : club.streamKey);
        expect(credentials?.password ?? '').toBe(isElsewhere ? '' : 'w0rd');
        expect(imported?.profile).toMatchObject({
          hasKey: !isElsewhere,
          hasPassword: !isElsewhere,
        });
      },
    );

    it.each([
      ['INVALID_OPTION', { profiles: [club] }],
      ['INVALID_OPTION', 'nonsense'],
      ['PROFILE_READ_ONLY', exportOf(club, { ...club, name: 'Built-in server' })],
      ['PROFILE_NAME_IS_URL', exportOf(club, { ...club, name: 'rtmp://example.com/app/key' })],
      ['PROFILE_VALUE_TOO_LONG', exportOf(club, { ...club, streamKey: 'k'.repeat(1025) })],
      ['INVALID_URL', exportOf(club, { ...club, name: 'Bad', serverUrl: 'ftp://x/y' })],
    ])('refuses the whole of a bad file with %s', async (expected, value) => {
      const store = open();
      await expect(store.import(value)).rejects.toEqual(code(expected));
      expect(await store.list()).toHaveLength(1);
    });

    it.each([
      [{ ...club, name: 'Bad', serverUrl: 'ftp://x/y' }, 'Bad'],
      [{ name: 'Without' }, 'Without'],
      [{ serverUrl: 'rtmp://a/b' }, '#2'],
      [{ ...club, name: 'Built-in server' }, 'Built-in server'],
    ])('says which profile is wrong: %o', async (bad, importing) => {
      const error: unknown = await open()
        .import(exportOf(club, bad))
        .catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ info: { data: { importing } } });
    });

    it('tells a file of a newer version from one that holds no profiles', async () => {
      const value = { type: 'tallylight-profiles', version: 9, destinations: [] };
      await expect(open().import(value)).rejects.toMatchObject({
        info: { data: { reason: { reason: 'import-newer' } } },
      });
    });
  });
});

function exportOf(...profiles: unknown[]): unknown {
  return { type: 'tallylight-profiles', version: 1, profiles };
}
