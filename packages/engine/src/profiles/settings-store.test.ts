import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { settingsSchema, type AppErrorInfo } from '@tallylight/contract';
import { SettingsStore } from './settings-store.js';

describe('SettingsStore', () => {
  let dataDirectory: string;
  let notices: AppErrorInfo[];
  const open = (): SettingsStore =>
    new SettingsStore({ dataDirectory, onNotice: (notice) => notices.push(notice) });
  const write = (content: string): Promise<void> =>
    writeFile(join(dataDirectory, 'settings.json'), content);

  beforeEach(async () => {
    dataDirectory = await mkdtemp(join(tmpdir(), 'tallylight-settings-'));
    notices = [];
  });
  afterEach(() => rm(dataDirectory, { recursive: true, force: true }));

  it('has defaults that are valid', () => {
    expect(settingsSchema.parse(open().get())).toEqual(open().get());
  });

  it('keeps what is changed, also by two at once', async () => {
    const [one, other] = [open(), open()];
    await Promise.all([one.update({ fps: 60 }), other.update({ width: 1920, height: undefined })]);
    expect(open().get()).toMatchObject({ fps: 60, width: 1920, height: 720 });
  });

  it.each([
    ['what is not JSON', '{"fps": 60'],
    ['nothing', ''],
    ['a value that is out of range', '{"fps": -1}'],
    ['another shape', '[1, 2]'],
    ['a text', '"hello"'],
    ['null', 'null'],
    ['bytes', '\0\0\0\0'],
  ])('sets %s aside and starts with the defaults', async (_, content) => {
    const defaults = open().get();
    await write(content);
    const store = open();
    expect(store.get()).toEqual(defaults);
    expect(notices).toMatchObject([{ code: 'SETTINGS_CORRUPT' }]);
    const [aside, ...more] = await readdir(dataDirectory);
    expect(aside).toMatch(/^settings\.corrupt-.*\.json$/);
    expect(more).toEqual([]);
    expect(await store.update({ fps: 25 })).toEqual({ ...defaults, fps: 25 });
    expect(notices).toHaveLength(1);
  });

  it('mends an odd size, which cannot be encoded, says so once, and keeps the rest', async () => {
    await write('{"width": 1281, "height": 721, "fps": 60}');
    const store = open();
    expect(store.get()).toMatchObject({ width: 1280, height: 720, fps: 60 });
    expect(store.get()).toMatchObject({ width: 1280, height: 720, fps: 60 });
    expect(notices).toMatchObject([
      { code: 'SETTINGS_MENDED', data: { field: 'width', was: 1281, now: 1280 } },
      { code: 'SETTINGS_MENDED', data: { field: 'height', was: 721, now: 720 } },
    ]);
    await store.update({ fps: 25 });
    expect(open().get()).toMatchObject({ width: 1280, height: 720, fps: 25 });
    expect(notices).toHaveLength(2);
  });

  it('leaves a file alone that the system does not let it read, and says why', async () => {
    await mkdir(join(dataDirectory, 'settings.json'));
    const unreadable = expect.objectContaining({
      info: expect.objectContaining({
        code: 'SETTINGS_UNREADABLE',
        data: { file: join(dataDirectory, 'settings.json'), reason: { reason: 'is-folder' } },
      }) as unknown,
    }) as Error;
    expect(() => open().get()).toThrow(unreadable);
    await expect(open().update({ fps: 25 })).rejects.toEqual(unreadable);
    expect(await readdir(dataDirectory)).toEqual(['settings.json']);
    expect(notices).toEqual([]);
  });

  it('says why it cannot save, and loses nothing', async () => {
    await write('{"fps": 60}');
    const elsewhere = join(dataDirectory, 'settings.json', 'below');
    const store = new SettingsStore({ dataDirectory: elsewhere, onNotice: () => undefined });
    await expect(store.update({ fps: 25 })).rejects.toMatchObject({
      info: {
        code: 'DATA_FOLDER_UNUSABLE',
        data: { folder: elsewhere, reason: { reason: 'path-part-not-folder' } },
      },
    });
    expect(open().get().fps).toBe(60);
  });

  it('ticks the one profile that an older version had chosen, and forgets which that was', async () => {
    await write('{"fps": 60, "profileId": "club"}');
    expect(open().get()).toMatchObject({ fps: 60, profileIds: ['club'] });
    await open().update({ profileIds: ['club', 'choir'] });
    expect(open().get().profileIds).toEqual(['club', 'choir']);
    expect(open().get()).not.toHaveProperty('profileId');
    expect(notices).toEqual([]);
  });

  it('takes a file of a newer version, as far as it knows it', async () => {
    await write('{"fps": 60, "hologram": true}');
    expect(open().get()).toMatchObject({ fps: 60 });
    expect(notices).toEqual([]);
  });
});
