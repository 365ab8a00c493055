import { _electron, expect, test, type ElectronApplication } from '@playwright/test';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decodeErrors } from '../test/support/media.js';
import { hasNginxRtmp, startNginxRtmp } from '../test/support/nginx.js';
import { goLive, stop } from './go-live-flow.js';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Electron's program, if it has been fetched. Importing `electron` would fetch it. */
function electronBinary(): string | undefined {
  const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  const name = join(folder, 'path.txt');
  const binary = existsSync(name) ? join(folder, 'dist', readFileSync(name, 'utf8')) : '';
  return existsSync(binary) ? binary : undefined;
}

function whyNotHere(binary: string | undefined): string | undefined {
  if (!hasNginxRtmp()) return 'nginx with the RTMP module is missing';
  if (!binary) return 'the Electron binary is not here; "npx install-electron" fetches it';
  if (process.platform !== 'linux') return undefined;
  if (!process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) return 'there is no display';
  return process.getuid?.() === 0 ? 'the Electron sandbox does not run as root' : undefined;
}

const executablePath = electronBinary();
const reason = whyNotHere(executablePath);

if (reason !== undefined) console.log(`electron.spec.ts is skipped: ${reason}`);
test.skip(reason !== undefined, reason);

let app: ElectronApplication;
let userData: string;

test.beforeEach(async () => {
  userData = await mkdtemp(join(tmpdir(), 'tallylight-electron-'));
  app = await _electron.launch({
    ...(executablePath !== undefined && { executablePath }),
    args: [root, `--user-data-dir=${userData}`, '--use-fake-device-for-media-stream=fps=30'],
  });
});

test.afterEach(async () => {
  await app.close();
  await rm(userData, { recursive: true, force: true });
});

for (const engine of ['WebCodecs', 'MediaRecorder', 'ffmpeg'] as const) {
  test(`the desktop app goes live with ${engine}`, async () => {
    const nginx = await startNginxRtmp();
    try {
      const page = await app.firstWindow();
      const { serverUrl } = nginx;
      const camera = engine === 'ffmpeg' ? 'Test picture' : /fake/i;
      await goLive(page, { engine, camera, serverUrl, streamKey: 'electron' });
      await stop(page);
      expect(await decodeErrors(await nginx.recording('electron'))).toBe('');
    } finally {
      await nginx.stop();
    }
  });
}

test('the window has neither Node nor Electron, and nothing but the bridge', async () => {
  const page = await app.firstWindow();
  const globals = await page.evaluate(() => ({
    origin: location.origin,
    secure: isSecureContext,
    node: ['require', 'process', 'module', 'Buffer'].filter((name) => name in globalThis),
    bridge: Object.keys((globalThis as unknown as { tallylight: object }).tallylight),
  }));
  expect(globals).toEqual({
    origin: 'app://tallylight',
    secure: true,
    node: [],
    bridge: ['shell', 'requestPorts'],
  });
});
