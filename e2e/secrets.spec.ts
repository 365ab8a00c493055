import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { hasNginxRtmp, startNginxRtmp } from '../test/support/nginx.js';
import { commandLines } from '../test/support/processes.js';
import { launchChromium } from './browser.js';
import { goLive, stop } from './go-live-flow.js';
import { smallPicture, startStudio } from './studio.js';

test.skip(!hasNginxRtmp(), 'nginx with the RTMP module is missing');

for (const engine of ['WebCodecs', 'ffmpeg'] as const) {
  test(`a key typed into the window stays secret (${engine})`, async () => {
    const streamKey = `s3cret-${engine}-${Math.random().toString(36).slice(2)}`;
    const nginx = await startNginxRtmp();
    const studio = await startStudio({ settings: smallPicture });
    const browser = await launchChromium('no camera');
    try {
      const page = await browser.newPage();
      const console: string[] = [];
      page.on('console', (message) => console.push(message.text()));
      await page.goto(studio.url);
      await goLive(page, { engine, camera: 'Test picture', serverUrl: nginx.serverUrl, streamKey });

      for (const line of await commandLines()) expect(line).not.toContain(streamKey);
      await stop(page);

      expect(studio.output()).not.toContain(streamKey);
      expect(console.join('\n')).not.toContain(streamKey);
      for (const file of await readdir(studio.dataDirectory, {
        recursive: true,
        withFileTypes: true,
      })) {
        if (!file.isFile()) continue;
        const text = await readFile(join(file.parentPath, file.name), 'latin1');
        expect(text, file.name).not.toContain(streamKey);
      }
      // The key did its work all the same.
      await nginx.recording(streamKey);
    } finally {
      await browser.close();
      await studio.stop();
      await nginx.stop();
    }
  });
}
