import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findFolderOpener } from './folder-opener.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallylight-opener-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** An xdg-open that does this, and the one that is found with it. */
async function opener(script: string) {
  const path = join(folder, 'xdg-open');
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return findFolderOpener({ platform: 'linux', environment: { DISPLAY: ':0', PATH: folder } });
}

describe.skipIf(process.platform === 'win32')('on Linux', () => {
  it('has the folder of a file opened by xdg-open', async () => {
    const told = join(folder, 'told');
    const open = await opener(`printf %s "$1" > ${told}`);
    await open?.('/home/me/My videos/show.mp4');
    expect(await readFile(told, 'utf8')).toBe('/home/me/My videos');
  });

  it('says that it failed', async () => {
    const open = await opener('exit 3');
    await expect(open?.('/show.mp4')).rejects.toMatchObject({
      info: { code: 'FOLDER_NOT_SHOWN', data: { file: '/show.mp4' } },
    });
  });

  it('has nothing to open it with where there is no display, or no xdg-open', async () => {
    await opener('exit 0');
    const find = (environment: NodeJS.ProcessEnv) =>
      findFolderOpener({ platform: 'linux', environment });
    expect(find({ PATH: folder })).toBeUndefined();
    expect(find({ DISPLAY: ':0', PATH: join(folder, 'nowhere') })).toBeUndefined();
    expect(find({ WAYLAND_DISPLAY: 'wayland-0', PATH: folder })).toBeDefined();
  });
});
