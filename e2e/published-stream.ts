import type { BroadcastSnapshot } from '@tallylight/contract';
import { expect, type Browser, type Page } from '@playwright/test';
import { countFrames, decodeTimes } from '../test/support/media.js';
import type { NginxRtmp } from '../test/support/nginx.js';
import { prepare, start, stop, type GoLiveChoices } from './go-live-flow.js';
import { watchBroadcast } from './watch-broadcast.js';

export interface PublishedStream {
  /** What nginx has recorded. */
  readonly recording: string;
  readonly frames: number;
  /** Decode times in milliseconds. */
  readonly videoTimes: readonly number[];
  /** From the first frame to the last. */
  readonly seconds: number;
  /** The frames that the camera gave meanwhile, at least. */
  readonly framesGiven: number;
  readonly broadcast: BroadcastSnapshot;
}

/** Publishes from the window into nginx, as a user does, for so long after it is LIVE. */
export async function publishFromWindow(
  { browser, studioUrl, nginx }: { browser: Browser; studioUrl: string; nginx: NginxRtmp },
  choices: Omit<GoLiveChoices, 'serverUrl'>,
  onAirMs: number,
): Promise<PublishedStream> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const broadcast = watchBroadcast(page);
  await page.goto(studioUrl);
  await prepare(page, { ...choices, serverUrl: nginx.serverUrl });
  const camera = await readCamera(page);
  await start(page);
  await page.waitForTimeout(onAirMs);
  await stop(page);
  const readings = await camera();
  await expect.poll(() => broadcast()?.state).toBe('ended');
  const snapshot = broadcast();
  if (!snapshot) throw new Error('the window was told nothing of its broadcast');

  const recording = await nginx.recording(choices.streamKey);
  const videoTimes = await decodeTimes(recording, 'v:0');
  const seconds = ((videoTimes.at(-1) ?? 0) - (videoTimes[0] ?? 0)) / 1000;
  return {
    recording,
    frames: await countFrames(recording),
    videoTimes,
    seconds,
    framesGiven: framesGiven(readings, seconds),
    broadcast: snapshot,
  };
}

interface CameraReading {
  /** Given so far, as Chromium counts them. */
  readonly frames: number;
  readonly seconds: number;
}

/** Reads, again and again, how many frames the camera has given; gives the readings up to now. */
async function readCamera(page: Page): Promise<() => Promise<readonly CameraReading[]>> {
  const readings = await page.locator('video').evaluateHandle((video: HTMLVideoElement) => {
    const list: CameraReading[] = [];
    const [track] = (video.srcObject as MediaStream).getVideoTracks();
    // TypeScript's library does not know it yet.
    const counted = track as unknown as { stats: { deliveredFrames: number } };
    setInterval(() => {
      list.push({ frames: counted.stats.deliveredFrames, seconds: performance.now() / 1000 });
    }, 50);
    return list;
  });
  return () => readings.jsonValue();
}

/**
 * The fewest frames that the camera gave in any `seconds` of the readings, the one at their start included: which of them
 * those of the stream are is not known, and a busy machine's camera does not give them evenly.
 */
function framesGiven(readings: readonly CameraReading[], seconds: number): number {
  const end = readings.at(-1)?.seconds ?? 0;
  const counts = readings
    .filter((first) => first.seconds + seconds <= end)
    .map((first) => {
      const last = readings.findLast((reading) => reading.seconds <= first.seconds + seconds);
      return (last?.frames ?? NaN) - first.frames + 1;
    });
  if (counts.length === 0) throw new Error(`the camera was not read for ${seconds} s`);
  return Math.min(...counts);
}
