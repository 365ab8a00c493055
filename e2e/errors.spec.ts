import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Browser, type Page } from '@playwright/test';
import {
  startHttpServer,
  startSilentServer,
  type FaultServer,
} from '../test/support/fault-servers.js';
import { freePort } from '../test/support/free-port.js';
import { hasNginxRtmp, startNginxRtmp } from '../test/support/nginx.js';
import { launchChromium } from './browser.js';
import { saveProfile, ticks } from './go-live-flow.js';
import { smallPicture, startStudio, type Studio } from './studio.js';

const deadlineMs = 15_000;
/** What the last start of studio and window took: a busy machine's share in what is waited for. */
let openMs = 0;

let studio: Studio;
let browser: Browser;
let page: Page;

async function open(env: Record<string, string> = {}): Promise<void> {
  const begun = performance.now();
  studio = await startStudio({ env, settings: smallPicture });
  page = await browser.newPage();
  await page.goto(studio.url);
  openMs = performance.now() - begun;
}

test.beforeAll(async () => {
  browser = await launchChromium({});
});

test.afterAll(async () => {
  await browser.close();
});

test.afterEach(async () => {
  await page.close();
  await studio.stop();
});

/** Presses Go Live and expects the sentence in the alert, the window off air, and the profiles as they were. */
async function expectFailure(sentence: RegExp): Promise<void> {
  const profiles = ticks(page).locator('xpath=..');
  await expect(profiles).not.toHaveCount(0);
  const before = await profiles.allTextContents();
  await page.getByRole('button', { name: 'Go Live', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText(sentence, {
    timeout: deadlineMs + 2 * openMs,
  });
  await expect(page.getByRole('status')).toContainText('OFF AIR');
  await expect(page.getByRole('button', { name: 'Go Live', exact: true })).toBeEnabled();
  expect(await profiles.allTextContents()).toEqual(before);
}

const failing: {
  name: string;
  server: () => Promise<{ url: string; stop?: () => Promise<void> }>;
  needsNginx?: true;
  sentence: RegExp;
}[] = [
  {
    name: 'no such host',
    server: () => Promise.resolve({ url: 'rtmp://no-such-host.invalid/live' }),
    sentence: /No server named "no-such-host\.invalid"/,
  },
  {
    name: 'a port that refuses',
    server: async () => ({ url: `rtmp://127.0.0.1:${await freePort()}/live` }),
    sentence: /refused the connection/,
  },
  {
    name: 'a server that never answers',
    server: () => faulty(startSilentServer()),
    sentence: /did not answer/,
  },
  {
    name: 'an HTTP server on the port',
    server: () => faulty(startHttpServer()),
    sentence: /does not speak RTMP/,
  },
  {
    name: 'TLS to a plain port',
    server: async () => {
      const nginx = await startNginxRtmp();
      return { url: `rtmps://127.0.0.1:${nginx.rtmpPort}/live`, stop: nginx.stop };
    },
    needsNginx: true,
    sentence: /does not speak TLS/,
  },
  {
    name: 'the wrong application',
    server: async () => {
      const nginx = await startNginxRtmp();
      return { url: `rtmp://127.0.0.1:${nginx.rtmpPort}/wrong`, stop: nginx.stop };
    },
    needsNginx: true,
    sentence: /application "wrong"/,
  },
];

async function faulty(
  starting: Promise<FaultServer>,
): Promise<{ url: string; stop: () => Promise<void> }> {
  const server = await starting;
  return { url: `rtmp://127.0.0.1:${server.port}/live`, stop: server.stop };
}

for (const { name, server, needsNginx, sentence } of failing) {
  test(`the window says what is wrong: ${name}`, async () => {
    test.skip(needsNginx === true && !hasNginxRtmp(), 'nginx with the RTMP module is missing');
    const { url, stop } = await server();
    try {
      await open();
      await saveProfile(page, { name: 'Somewhere', serverUrl: url, streamKey: 'k' });
      await expectFailure(sentence);
    } finally {
      await stop?.();
    }
  });
}

test('the window refuses a server URL that is not RTMP when the profile is saved', async () => {
  await open();
  await page.getByRole('button', { name: 'New profile', exact: true }).click();
  await page.getByRole('textbox', { name: 'Profile name', exact: true }).fill('Wrong');
  await page.getByRole('textbox', { name: 'Server URL', exact: true }).fill('htp:/nonsense');
  await page.getByRole('button', { name: 'Save profile', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText(/not an RTMP address/);
});

test('the window says that ffmpeg is missing', async () => {
  await open({ TALLYLIGHT_FFMPEG: '/nonexistent/ffmpeg' });
  await page.getByRole('combobox', { name: 'Engine', exact: true }).selectOption('ffmpeg');
  await page
    .getByRole('combobox', { name: 'Camera', exact: true })
    .selectOption({ label: 'Test picture' });
  await expectFailure(/No working ffmpeg/);
});

test('the window starts with its defaults when its settings are corrupt, and says so', async () => {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'tallylight-corrupt-'));
  try {
    await writeFile(join(dataDirectory, 'settings.json'), '{"engine":');
    await open({ TALLYLIGHT_DATA_DIR: dataDirectory });
    await expect(page.getByRole('alert')).toContainText(/set aside as settings\.corrupt-/);
    await expect(page.getByRole('button', { name: 'Go Live', exact: true })).toBeEnabled();
    const names = await readdir(dataDirectory);
    expect(names.filter((name) => name.startsWith('settings.corrupt-'))).toHaveLength(1);
  } finally {
    await rm(dataDirectory, { recursive: true, force: true });
  }
});

test('the window says that the camera is in use', async () => {
  studio = await startStudio({ settings: smallPicture });
  page = await browser.newPage();
  // What Chromium does when another program holds the device.
  await page.addInitScript(() => {
    navigator.mediaDevices.getUserMedia = () =>
      Promise.reject(new DOMException('Could not start video source', 'NotReadableError'));
  });
  await page.goto(studio.url);
  await expectFailure(/in use by another program/);
});
