import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from '@playwright/test';
import { format } from 'prettier';
import { startNginxRtmp, type NginxRtmp } from '../test/support/nginx.js';
import { launchChromium, makeFootage } from './browser.js';
import { publishFromWindow } from './published-stream.js';
import { startStudio } from './studio.js';

const onAirMs = 8_000;
const fps = 30;

let folder: string;
let nginx: NginxRtmp;
const load = loadavg()[0] ?? NaN;
const rows: string[] = [];

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallylight-frames-'));
  nginx = await startNginxRtmp();
});

test.afterAll(async () => {
  await nginx.stop();
  await rm(folder, { recursive: true, force: true });
  const machine = `${availableParallelism()} cores of ${cpus()[0]?.model ?? 'unknown'}`;
  const text = `# Frames that arrive

Written by \`npm run bench:frames\`; do not edit. The window publishes 1280×720 at ${fps} fps from a camera of Chromium's
into nginx-rtmp; possible are as many frames as its recording's time has room for.

${new Date().toISOString().slice(0, 10)}, ${machine}, load ${load.toFixed(1)} before.

| engine | camera | frames | possible | % | camera gave | counted as lost |
| --- | --- | ---: | ---: | ---: | ---: | ---: |
${rows.join('\n')}
`;
  const file = fileURLToPath(new URL('../docs/measurements/frames.md', import.meta.url));
  await writeFile(file, await format(text, { parser: 'markdown', printWidth: 120 }));
});

for (const engine of ['WebCodecs', 'MediaRecorder'] as const) {
  for (const camera of ['built-in', 'file-fed'] as const) {
    test(`frames of the ${camera} camera through ${engine}`, async () => {
      const studio = await startStudio();
      const footage = camera === 'file-fed' ? await makeFootage(folder) : undefined;
      const browser = await launchChromium(footage ? { footage } : {});
      try {
        const { frames, seconds, framesGiven, broadcast } = await publishFromWindow(
          { browser, studioUrl: studio.url, nginx },
          {
            engine,
            camera: footage ? /camera\.mjpeg/ : /fake/i,
            microphone: /fake/i,
            streamKey: `${engine}-${camera}`,
          },
          onAirMs,
        );
        const possible = Math.round(seconds * fps + 1);
        const percent = ((100 * frames) / possible).toFixed(1);
        const lost = broadcast.statistics?.video.droppedFrames ?? NaN;
        rows.push(
          `| ${[engine, camera, frames, possible, percent, framesGiven, lost].join(' | ')} |`,
        );
      } finally {
        await browser.close();
        await studio.stop();
      }
    });
  }
}
