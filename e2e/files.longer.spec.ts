import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { makeFilms, type Film } from '../packages/engine/test/support/films.js';
import { decodeErrors, decodeTimes, hashedPackets, strictlyRising } from '../test/support/media.js';
import { hasNginxRtmp, startNginxRtmp } from '../test/support/nginx.js';
import { launchChromium } from './browser.js';
import { saveProfile, start } from './go-live-flow.js';
import { smallPicture, startStudio } from './studio.js';

const films: readonly Film[] = [
  { name: 'first.mp4', size: '320x180', fps: 30, seconds: 30, sound: 48_000 },
  { name: 'second.mkv', size: '640x360', fps: 25, seconds: 30, sound: 44_100 },
];

test('files that are given to the real window are played in order, led while live, and arrive as they are', async () => {
  test.skip(!hasNginxRtmp(), 'needs nginx with its RTMP module');
  const folder = await mkdtemp(join(tmpdir(), 'tallylight-e2e-files-'));
  const [nginx, studio, browser, paths] = await Promise.all([
    startNginxRtmp(),
    startStudio({ settings: { ...smallPicture, cameraId: 'files' } }),
    launchChromium('no camera'),
    makeFilms(folder, films),
  ]);
  try {
    const page = await browser.newPage();
    await page.goto(studio.url);
    const sources = page.getByRole('region', { name: 'Sources' });
    const rows = sources.getByRole('listitem');
    const button = (name: string) => page.getByRole('button', { name, exact: true });
    const [first = '', second = ''] = paths;
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      sources.getByRole('button', { name: 'Add files…' }).click(),
    ]);
    await chooser.setFiles([second]);
    await expect(rows).toHaveText(/^second\.mkv0:30 · 640×360 · H\.264, AAC/);
    // As a file manager drops it: what is dropped has bytes, and no path.
    const bytes = await page.evaluateHandle(() => new DataTransfer());
    await page.evaluate(() => {
      const input = Object.assign(document.createElement('input'), { type: 'file', id: 'given' });
      document.body.append(input);
    });
    await page.locator('#given').setInputFiles(first);
    await page.evaluate((dataTransfer) => {
      const input = document.querySelector<HTMLInputElement>('#given');
      const [file] = input?.files ?? [];
      if (file) dataTransfer.items.add(file);
      input?.remove();
      const event = { dataTransfer, bubbles: true, cancelable: true };
      document.querySelector('main')?.dispatchEvent(new DragEvent('drop', event));
    }, bytes);
    await expect(rows).toHaveText([/^second/, /^first\.mp40:30/]);
    await button('Move up: first.mp4').click();
    await expect(rows).toHaveText([/^first/, /^second/]);
    await page.getByRole('checkbox', { name: 'Send files as they are' }).click();
    await expect(rows).toHaveText([/as it is/, /as it is/]);

    await saveProfile(page, { name: 'Test', serverUrl: nginx.serverUrl, streamKey: 'files' });
    await start(page);
    const at = (name: string) => page.getByRole('slider', { name: `Position in ${name}` });
    const seconds = async (name: string): Promise<number> =>
      Number(await at(name).inputValue()) / 1000;
    await expect.poll(() => seconds('first.mp4')).toBeGreaterThan(1);
    await button('Next').click();
    await expect.poll(() => seconds('second.mkv')).toBeGreaterThan(1);
    await button('Pause').click();
    await expect(page.getByText('Viewers see “Back in a moment”')).toBeVisible();
    await at('second.mkv').fill('20000');
    await expect(at('second.mkv')).toHaveAttribute('aria-valuetext', '0:20 of 0:30');
    // The slate is seen for a while.
    const numbers = page.getByRole('contentinfo');
    await expect(numbers).toContainText(/\d/);
    await button('Resume').click();
    await expect.poll(() => seconds('second.mkv')).toBeGreaterThan(21);
    await button('Stop').click();
    await expect(page.getByRole('status')).toContainText('OFF AIR');

    const received = join(folder, 'received.flv');
    await copyFile(await nginx.recording('files'), received);
    expect(await decodeErrors(received)).toBe('');
    for (const track of ['v:0', 'a:0'] as const)
      expect(strictlyRising(await decodeTimes(received, track))).toBe(true);
    // Some pictures of a film are like others of it: they tell nothing.
    const places = new Map<string, (readonly [film: number, place: number])[]>();
    for (const [film, path] of paths.entries())
      for (const [place, { hash }] of (await hashedPackets(path, 'v:0')).entries())
        places.set(hash, [...(places.get(hash) ?? []), [film, place]]);
    const shown = (await hashedPackets(received, 'v:0')).map(({ hash }) => places.get(hash) ?? []);
    const placesOf = (film: number) =>
      shown.flatMap((at) => (at.length === 1 && at[0]?.[0] === film ? [at[0][1]] : []));
    // Of the first its beginning; of the second that, and what is behind the place that was gone to.
    const [one, two] = [placesOf(0), placesOf(1)];
    expect([one[0], two[0]]).toEqual([0, 1]);
    for (const each of [one, two]) expect(strictlyRising(each)).toBe(true);
    expect(one.length).toBeGreaterThan(20);
    expect(one.at(-1)).toBeLessThan(30 * 29);
    const jump = two.findIndex((place, index) => place > (two[index - 1] ?? place) + 25 * 5);
    expect(two[jump]).toBeGreaterThan(25 * 18);
    expect(two[jump]).toBeLessThanOrEqual(25 * 20 + 3);
    const order = shown.flatMap(([at]) => (at ? [at[0]] : []));
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(shown.filter((at) => at.length === 0).length, 'a slate').toBeGreaterThan(5);
  } finally {
    await browser.close();
    await studio.stop();
    await nginx.stop();
    await rm(folder, { recursive: true, force: true });
  }
});
