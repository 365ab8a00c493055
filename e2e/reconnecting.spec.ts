import { destinationsOf } from '@tallylight/contract';
import { expect, test, type Page } from '@playwright/test';
import { hasNginxRtmp, startNginxRtmp } from '../test/support/nginx.js';
import { launchChromium } from './browser.js';
import { goLive, stop } from './go-live-flow.js';
import { startStudio } from './studio.js';
import { watchBroadcast } from './watch-broadcast.js';

test.skip(!hasNginxRtmp(), 'needs nginx with its RTMP module');

test('a server that goes away is said at once, tried again, and leaves no trace when it is back', async () => {
  let nginx = await startNginxRtmp();
  const { rtmpPort, serverUrl } = nginx;
  const studio = await startStudio();
  const browser = await launchChromium({});
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const broadcast = watchBroadcast(page);
    await page.goto(studio.url);
    await goLive(page, {
      ...{ engine: 'WebCodecs', camera: /fake/i, microphone: /fake/i },
      ...{ serverUrl, streamKey: 'show' },
    });
    const destination = () => {
      const snapshot = broadcast();
      return snapshot && destinationsOf(snapshot)[0];
    };
    // A loss in the first seconds is a refusal.
    await expect.poll(() => destination()?.steps.at(-1)?.state).toBe('done');
    const statuses = await recordStatuses(page);

    const status = page.getByRole('status').first();
    const lostAt = Date.now();
    await nginx.stop();
    await expect(status).toContainText('RECONNECTING', { timeout: 3_000 });
    expect(Date.now() - lostAt, 'milliseconds to say so').toBeLessThan(3_000);
    expect(await status.textContent()).not.toContain('LIVE');
    // Nothing leaves, and the figures say so.
    await expect.poll(() => destination()?.bitrate).toBe(0);
    await expect(page.getByRole('contentinfo')).toContainText(/(^|\D)0kbit\/s/);
    const onAirMs = broadcast()?.onAirMs ?? NaN;
    await expect(page.getByRole('button', { name: 'Retry now' })).toBeVisible();
    // Tries go on by themselves; the waits between them grow, until there is one to count down.
    await expect
      .poll(() => (destination()?.waiting?.until ?? 0) - Date.now(), { timeout: 90_000 })
      .toBeGreaterThan(3_500);
    expect(destination()?.waiting?.attempt).toBeGreaterThan(3);
    const seconds = await countdown(page);
    await expect.poll(() => countdown(page)).toBeLessThan(seconds);

    nginx = await startNginxRtmp({ rtmpPort });
    const clickedAt = Date.now();
    await page.getByRole('button', { name: 'Retry now' }).click();
    await expect(status).toContainText(/^LIVE/);
    const backAt = (await statuses()).findLast(({ text }) => text.startsWith('LIVE'))?.at ?? NaN;
    expect(backAt - clickedAt, 'milliseconds to be back').toBeLessThan(1_000);

    // Nobody is told that the network was slow, nor of an error that is over.
    await expect(page.getByRole('alert')).toHaveText('');
    await expect(page.getByText(/network is slow|refused the connection|was lost/)).toHaveCount(0);
    const lossMs = backAt - lostAt;
    expect((await statuses()).some(({ text }) => text.includes('slow'))).toBe(false);
    await expect.poll(() => destination()?.steps.at(-1)?.state).toBe('done');
    // The time on air has gone on from where it was, without the loss.
    const since = Date.now() - backAt;
    const counted = (broadcast()?.onAirMs ?? NaN) - onAirMs;
    expect(counted).toBeLessThan(since + 1_000);
    expect(counted).toBeLessThan(lossMs);
    expect(destination()?.framesMissed).toBe(destination()?.framesDropped);
    await stop(page);
  } finally {
    await browser.close();
    await studio.stop();
    await nginx.stop();
  }
});

/** Every text of the status region from now on, with its time. */
async function recordStatuses(page: Page): Promise<() => Promise<{ at: number; text: string }[]>> {
  const handle = await page.evaluateHandle(() => {
    const status = document.querySelector('[role="status"]');
    if (!status) throw new Error('no status');
    const list: { at: number; text: string }[] = [];
    new MutationObserver(() => list.push({ at: Date.now(), text: status.textContent })).observe(
      status,
      { childList: true, characterData: true, subtree: true },
    );
    return list;
  });
  return () => handle.jsonValue();
}

/** The seconds to the next try, as the window shows them. */
async function countdown(page: Page): Promise<number> {
  const text = await page
    .getByText(/in \d+ s/)
    .first()
    .textContent();
  return Number(/in (\d+) s/.exec(text ?? '')?.[1]);
}
