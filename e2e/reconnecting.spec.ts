import { destinationsOf } from '@tallylight/contract';
import { expect, test, type Page } from '@playwright/test';
import { hasNginxRtmp, startNginxRtmp } from '../test/support/nginx.js';
import { launchChromium } from './browser.js';
import { goLive, stop } from './go-live-flow.js';
import { smallPicture, startStudio } from './studio.js';
import { watchBroadcast, watchSnapshots } from './watch-broadcast.js';

test.skip(!hasNginxRtmp(), 'nginx with the RTMP module is missing');

test('a server that goes away is said at once, tried again, and leaves no trace when it is back', async () => {
  test.setTimeout(300_000);
  let nginx = await startNginxRtmp();
  const { rtmpPort, serverUrl } = nginx;
  const studio = await startStudio({ settings: smallPicture });
  const browser = await launchChromium({});
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const broadcast = watchBroadcast(page);
    /** When the last wait for a next try was over. */
    let triedAt = NaN;
    let isWaiting = false;
    /** The times on air that were told while it was not. */
    const toldAway = new Set<number | undefined>();
    watchSnapshots(page, (snapshot) => {
      if (snapshot.state === 'reconnecting') toldAway.add(snapshot.onAirMs);
      const wasWaiting = isWaiting;
      isWaiting = destinationsOf(snapshot)[0]?.waiting !== undefined;
      if (wasWaiting && !isWaiting) triedAt = Date.now();
    });
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
    const texts = await recordTexts(page);

    const status = page.getByRole('status').first();
    const killedAt = Date.now();
    await nginx.stop();
    await expect(status).toHaveText('RECONNECTING');
    const saidAt = (await texts()).find(({ text }) => text === 'RECONNECTING')?.at ?? NaN;
    const lostAt = destination()?.lostAt ?? NaN;
    expect(saidAt - lostAt, 'milliseconds to say so').toBeLessThan(3_000);
    await expect(page).toHaveTitle(/^RECONNECTING/);
    // Nothing leaves, and the figures say so.
    await expect.poll(() => destination()?.bitrate).toBe(0);
    await expect.poll(() => figure(page, 'kbit/s')).toBe('0');
    await expect.poll(() => figure(page, 'RTT')).toBe('–');
    const onAirMs = broadcast()?.onAirMs ?? NaN;
    const choices = page.getByRole('complementary');
    await expect(choices).toContainText(/lost \d+:\d\d ago/);
    // Tries go on by themselves; after half a minute the waits between them grow, until there is one to count down.
    const msToNextTry = () => (destination()?.waiting?.until ?? 0) - Date.now();
    await expect.poll(msToNextTry, { timeout: 120_000 }).toBeGreaterThan(5_000);
    expect(destination()?.waiting?.attempt).toBeGreaterThan(3);
    const before = await nextTry(page);
    expect(before.attempt).toBe(destination()?.waiting?.attempt);
    await expect.poll(async () => (await nextTry(page)).seconds).toBeLessThan(before.seconds);
    const clock = await figure(page, 'time');

    nginx = await startNginxRtmp({ rtmpPort });
    const clickedAt = Date.now();
    const untilNextTry = destination()?.waiting?.until ?? NaN;
    await page.getByRole('button', { name: 'Retry now' }).click();
    await expect(status).toHaveText('LIVE');
    const backAt = (await texts()).findLast(({ text }) => text === 'LIVE')?.at ?? NaN;
    expect(triedAt, 'tried by the click, and not when the wait was over').toBeLessThan(
      untilNextTry,
    );
    expect(triedAt).toBeGreaterThanOrEqual(clickedAt);
    const lossMs = backAt - saidAt;
    test.info().annotations.push({
      type: 'milliseconds',
      description: `${saidAt - killedAt} from the end of the server to RECONNECTING, ${backAt - clickedAt} from the click to LIVE`,
    });

    // Nobody is told that the network was slow, nor of an error that is over.
    await expect(choices).toContainText('On air');
    await expect(page.getByRole('alert')).toHaveText('');
    // The log tells what was.
    const now = page.locator(':not(ol[aria-label="Event log"] *)');
    await expect(choices.getByText(/refused|lost \d|broke|was lost/).and(now)).toHaveCount(0);
    await expect.poll(() => destination()?.steps.at(-1)?.state).toBe('done');
    // What a busy machine lost is not the server's.
    await expect(choices).toContainText('Network drops0.0 %');
    expect(destination()?.framesMissed).toBeGreaterThan(0);
    expect(destination()?.framesDropped).toBe(0);
    await expect(choices).toContainText(/Missed while awayup to \d/);
    const said = (await texts()).map(({ text }) => text).join('\n');
    expect(said).not.toMatch(/network is slow/);
    // The time on air has gone on from where it was, without the loss.
    expect([...toldAway]).toEqual([onAirMs]);
    const counted = (broadcast()?.onAirMs ?? NaN) - onAirMs;
    expect(counted).toBeGreaterThan(0);
    expect(counted).toBeLessThan(lossMs);
    expect(seconds(await figure(page, 'time')) - seconds(clock)).toBeLessThan(lossMs / 1000);
    await stop(page);
  } finally {
    await browser.close();
    await studio.stop();
    await nginx.stop();
  }
});

test('a server that stands still is no good broadcast, is given up, and taken back when it goes on', async () => {
  const nginx = await startNginxRtmp();
  const studio = await startStudio({ settings: smallPicture });
  const browser = await launchChromium({});
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const broadcast = watchBroadcast(page);
    await page.goto(studio.url);
    await goLive(page, {
      ...{ engine: 'WebCodecs', camera: /fake/i, microphone: /fake/i },
      ...{ serverUrl: nginx.serverUrl, streamKey: 'show' },
    });
    const destination = () => {
      const snapshot = broadcast();
      return snapshot && destinationsOf(snapshot)[0];
    };
    await expect.poll(() => destination()?.steps.at(-1)?.state).toBe('done');
    nginx.standStill();
    // What is written still leaves, for the system has room for it; that it may not arrive is said all the same.
    const foot = page.getByRole('contentinfo');
    await expect(foot).toContainText(/has not answered for \d+ s/, { timeout: 30_000 });
    await expect(foot).not.toContainText(/Good\.|Every frame|network is slow/);
    await expect.poll(() => figure(page, 'RTT')).toBe('–');
    const status = page.getByRole('status').first();
    await expect(status).toHaveText('RECONNECTING', { timeout: 60_000 });
    nginx.goOn();
    await expect(status).toHaveText('LIVE', { timeout: 30_000 });
    await expect(page.getByRole('alert')).toHaveText('');
    // Who stops while nobody receives has stopped it, and is told of no failure.
    await nginx.stop();
    await expect(status).toHaveText('RECONNECTING');
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await expect(status).toHaveText('OFF AIR');
    await expect(foot).toContainText(/Ended while the connection was lost\..* on air/);
    await expect(page.getByRole('alert')).toHaveText('');
    await expect(page.getByRole('complementary')).toContainText('Ended');
  } finally {
    await browser.close();
    await studio.stop();
    await nginx.stop();
  }
});

/** Every text of the status region and of the bar with the figures from now on, with its time. */
async function recordTexts(page: Page): Promise<() => Promise<{ at: number; text: string }[]>> {
  const handle = await page.evaluateHandle(() => {
    const list: { at: number; text: string }[] = [];
    for (const element of document.querySelectorAll('[role="status"], footer')) {
      const changes = { childList: true, characterData: true, subtree: true };
      new MutationObserver(() => list.push({ at: Date.now(), text: element.textContent })).observe(
        element,
        changes,
      );
    }
    return list;
  });
  return () => handle.jsonValue();
}

/** What stands over `name` in the bar with the figures. */
const figure = async (page: Page, name: string): Promise<string> =>
  (await page
    .getByRole('contentinfo')
    .locator('dl > div')
    .filter({ has: page.locator('dt', { hasText: new RegExp(`^${name}$`) }) })
    .locator('dd')
    .textContent()) ?? '';

const seconds = (clock: string): number =>
  clock.split(':').reduce((total, part) => total * 60 + Number(part), 0);

/** The next try, as the window tells it. */
async function nextTry(page: Page): Promise<{ attempt: number; seconds: number }> {
  const text = await page.getByText(/^Try \d+ in \d+ s$/).textContent();
  const [, attempt, inSeconds] = /^Try (\d+) in (\d+) s$/.exec(text ?? '') ?? [];
  return { attempt: Number(attempt), seconds: Number(inSeconds) };
}
