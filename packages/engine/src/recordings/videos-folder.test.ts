import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { videosFolder } from './videos-folder.js';

it('is where the system keeps videos, by its name in the language of the user', async () => {
  const home = await mkdtemp(join(tmpdir(), 'tallylight-home-'));
  try {
    const find = (platform: NodeJS.Platform, environment = {}) =>
      videosFolder({ platform, environment, home });
    expect(find('darwin')).toBe(join(home, 'Movies'));
    expect(find('linux')).toBe(join(home, 'Videos'));
    await mkdir(join(home, '.config'));
    const file = join(home, '.config', 'user-dirs.dirs');
    await writeFile(file, '# made by xdg-user-dirs\nXDG_VIDEOS_DIR="$HOME/视频"\n');
    expect(find('linux')).toBe(join(home, '视频'));
    await writeFile(file, 'XDG_VIDEOS_DIR="/srv/videos"\n');
    expect(find('linux')).toBe('/srv/videos');
    expect(find('linux', { XDG_CONFIG_HOME: join(home, 'elsewhere') })).toBe(join(home, 'Videos'));
    expect(find('win32')).toBe(join(home, 'Videos'));
  } finally {
    await rm(home, { recursive: true, force: true });
  }
});
