import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Browser, BrowserContextOptions, Frame, Page } from '@playwright/test';
import { launchChromium } from '../../../../test/support/chromium.js';
import { until } from '../../../../test/support/until.js';
import { createLogger } from '../../src/logger.js';
import { BuiltInServer } from '../../src/server/built-in-server.js';

/** A browser with pages of the built-in server, and ffmpeg as its publisher. */
export class Viewer {
  readonly #browser: Browser;
  readonly #isOwn: boolean;
  readonly #pages = new Set<Page>();
  readonly #server: BuiltInServer;
  readonly #publishers = new Set<ChildProcess>();
  #ended: Promise<void> | undefined;
  readonly rtmp: string;
  readonly http: string;
  /** Errors of the pages, and what their policy has refused. */
  readonly complaints: string[] = [];

  /**
   * @param browser where it is used again; it is then not closed with the rest
   * @param playKey what who watches must give
   */
  static async start(browser?: Browser, playKey?: string): Promise<Viewer> {
    const any = { host: '127.0.0.1', port: 0 };
    const server = new BuiltInServer({
      logger: createLogger({ level: 'silent' }),
      ...(playKey !== undefined && { playKey }),
    });
    const { rtmp, http } = await server.start({ rtmp: any, http: any });
    const own = browser ?? (await launchChromium());
    return new Viewer(own, browser === undefined, server, rtmp.port, http.port);
  }

  private constructor(
    browser: Browser,
    isOwn: boolean,
    server: BuiltInServer,
    rtmp: number,
    http: number,
  ) {
    this.#browser = browser;
    this.#isOwn = isOwn;
    this.#server = server;
    this.rtmp = `rtmp://127.0.0.1:${rtmp}`;
    this.http = `http://127.0.0.1:${http}`;
  }

  streams(): ReturnType<BuiltInServer['streams']> {
    return this.#server.streams();
  }

  /** A page in a context of its own, of which everything that goes wrong is noted. */
  async newPage(options: BrowserContextOptions = {}): Promise<Page> {
    const page = await this.#browser.newPage({
      viewport: { width: 1280, height: 800 },
      ...options,
    });
    this.#pages.add(page);
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) this.complaints.push(message.text());
    });
    return page;
  }

  /** ffmpeg, publishing a moving picture until it is ended. */
  publish(key: string, { sound = true }: { sound?: boolean } = {}): Publisher {
    const tone = ['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000', '-c:a', 'aac'];
    const child = spawn(
      'ffmpeg',
      [
        ...['-v', 'error', '-nostdin', '-re', '-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25'],
        ...(sound ? tone : []),
        ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-g', '25'],
        ...['-pix_fmt', 'yuv420p', '-f', 'flv', `${this.rtmp}/${key}`],
      ],
      { stdio: 'ignore' },
    );
    this.#publishers.add(child);
    const exited = once(child, 'exit');
    return {
      end: async () => {
        child.kill('SIGINT');
        await exited;
      },
    };
  }

  /** The server goes, and the pages stay. */
  endServer(): Promise<void> {
    this.#ended ??= this.#server.close();
    return this.#ended;
  }

  async close(): Promise<void> {
    if (this.#isOwn) await this.#browser.close();
    else await Promise.all([...this.#pages].map((page) => page.close()));
    for (const child of this.#publishers) child.kill('SIGKILL');
    await this.endServer();
  }
}

export interface Publisher {
  /** As somebody who presses Stop. */
  end(): Promise<void>;
}

/** What the page's player has played and decoded so far. */
export const playback = (page: Page | Frame) =>
  page.locator('video').evaluate((element) => {
    const video = element as HTMLVideoElement;
    const { totalVideoFrames } = video.getVideoPlaybackQuality();
    return { time: video.currentTime, frames: totalVideoFrames, muted: video.muted };
  });

/** Waits until the picture moves, and goes on to move. */
export async function expectPlaying(page: Page | Frame): Promise<void> {
  const first = await until('decoded frames', async () => {
    const now = await playback(page);
    return now.frames > 0 && now.time > 0 && now;
  });
  await until('the picture to go on', async () => {
    const now = await playback(page);
    return now.time > first.time + 1 && now.frames > first.frames + 10;
  });
}

/** The least that a player of HTTP-FLV keeps in stock, less than which nobody can be late without a stall. */
export const holdUpMs = 500;

export interface Watched {
  /** Seconds of the presentation that were played. */
  readonly played: number;
  readonly frames: number;
  /** How often the time went back, and how often the player was started afresh. */
  readonly backwards: number;
  readonly restarts: number;
  /** How often the picture stood for want of media, and the longest that it stood for any reason, in milliseconds. */
  readonly stalls: number;
  readonly longestStandstill: number;
  /** How often the player jumped, and how often the page itself was held up for longer than a player has in stock. */
  readonly jumps: number;
  readonly holdUps: number;
}

/** Watches the player for this many seconds of presentation, in the page, where no time passes unseen. */
export const watch = (page: Page, seconds: number): Promise<Watched> =>
  page.locator('video').evaluate(
    (element, { wanted, heldUpMs }) => {
      const video = element as HTMLVideoElement;
      const framesOf = () => video.getVideoPlaybackQuality().totalVideoFrames;
      const [startTime, startFrames] = [video.currentTime, framesOf()];
      const startedAt = performance.now();
      let [time, movedAt, longestStandstill] = [startTime, startedAt, 0];
      let [backwards, restarts, stalls, jumps, holdUps] = [0, 0, 0, 0, 0];
      let lookedAt = startedAt;
      video.addEventListener('emptied', () => (restarts += 1));
      video.addEventListener('waiting', () => (stalls += 1));
      video.addEventListener('seeking', () => (jumps += 1));
      return new Promise<Watched>((resolve) => {
        const look = () => {
          const now = performance.now();
          if (now - lookedAt > heldUpMs) holdUps += 1;
          lookedAt = now;
          if (video.currentTime < time) backwards += 1;
          longestStandstill = Math.max(longestStandstill, now - movedAt);
          if (video.currentTime !== time) movedAt = now;
          time = video.currentTime;
          if (time - startTime < wanted && restarts === 0) return;
          clearInterval(timer);
          const [played, frames] = [time - startTime, framesOf() - startFrames];
          const counts = { backwards, restarts, stalls, jumps, holdUps };
          resolve({ played, frames, ...counts, longestStandstill });
        };
        const timer = setInterval(look, 40);
      });
    },
    { wanted: seconds, heldUpMs: holdUpMs },
  );
