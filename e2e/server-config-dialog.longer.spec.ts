import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { startConfiguredNginx, type ConfiguredNginx } from '../test/support/configured-nginx.js';
import { startFfmpegPublisher } from '../test/support/ffmpeg-publisher.js';
import { launchChromium } from './browser.js';
import { start, stop } from './go-live-flow.js';
import { smallPicture, startStudio } from './studio.js';

const run = promisify(execFile);

test('the window writes an nginx that nginx takes, and goes live to it with its key', async () => {
  const studio = await startStudio({ settings: smallPicture });
  const browser = await launchChromium({});
  const downloads = await mkdtemp(join(tmpdir(), 'tallylight-saved-'));
  let nginx: ConfiguredNginx | undefined;
  try {
    const page = await browser.newPage();
    await page.goto(studio.url);
    const dialog = page.getByRole('dialog', { name: 'Configure nginx or SRS' });
    const field = (name: string) => dialog.getByLabel(name, { exact: true });
    await page
      .getByRole('region', { name: 'Built-in server' })
      .getByRole('heading')
      .first()
      .click();
    await page.getByRole('button', { name: 'Configure nginx or SRS…' }).click();

    await field('RTMP listens on').fill('1935');
    await page.keyboard.press('Enter');
    await expect(field('RTMP listens on')).toHaveAccessibleDescription(
      /^This field takes HOST:PORT/,
    );
    await expect(field('RTMP listens on')).toBeFocused();

    await dialog.getByRole('button', { name: 'New key' }).click();
    const key = await field('Publish key').inputValue();
    expect(key).toMatch(/^[\w-]{24}$/);
    nginx = await startConfiguredNginx(async ({ rtmpPort, httpPort, folder, recordings }) => {
      await field('RTMP listens on').fill(`127.0.0.1:${rtmpPort}`);
      await field('HTTP listens on').fill(`127.0.0.1:${httpPort}`);
      await field('Folder in which nginx makes its own').fill(dirname(folder));
      await field('Record every stream into this folder of the server').fill(recordings);
      await field('MPEG-DASH').check();
      await dialog.getByRole('button', { name: 'Write the file' }).click();
      await expect(dialog).toContainText(`http://127.0.0.1:${httpPort}/dash/NAME.mpd`);
      await expect(dialog.getByRole('region', { name: 'Configuration' })).toBeHidden();
      const saved = page.waitForEvent('download');
      await dialog.getByRole('button', { name: 'Save the file…' }).click();
      const download = await saved;
      expect(download.suggestedFilename()).toBe('nginx.conf');
      const file = join(downloads, 'nginx.conf');
      await download.saveAs(file);
      // It fails, and says why, where nginx would not take it.
      expect((await run('nginx', ['-t', '-c', file])).stderr).toContain('test is successful');
      return readFile(file, 'utf8');
    });

    await dialog.getByRole('button', { name: 'Use it as a destination' }).click();
    await expect(dialog).toBeHidden();
    await expect(page.getByRole('checkbox', { name: 'nginx on 127.0.0.1' })).toBeChecked();
    await start(page);
    const playUrl = `${nginx.rtmpUrl}/live/show`;
    const what = ['-v', 'error', '-show_entries', 'stream=codec_name,width', '-of', 'csv=p=0'];
    const { stdout } = await run('ffprobe', [...what, playUrl]);
    expect(stdout.trim().split('\n').sort()).toEqual(['aac', `h264,${smallPicture.width}`]);
    await stop(page);

    const stranger = startFfmpegPublisher(`${nginx.rtmpUrl}/live/other`);
    expect(await stranger.ended).not.toBe(0);
    expect(studio.output()).not.toContain(key);
  } finally {
    await nginx?.stop();
    await browser.close();
    await studio.stop();
    await rm(downloads, { recursive: true, force: true });
  }
});
