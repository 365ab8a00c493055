import { Writable } from 'node:stream';
import {
  type MediaChannelReader,
  type AppErrorInfo,
  type BroadcastSnapshot,
  type DeviceList,
} from '@tallylight/contract';
import { createLogger, type Logger } from '../src/logger.js';
import { createKeyFileBox } from '../src/profiles/key-file-box.js';
import type { SecretBox } from '../src/profiles/secret-box.js';
import { ProfileStore } from '../src/profiles/profile-store.js';
import { SettingsStore } from '../src/profiles/settings-store.js';
import { createRouter, type EngineRouter } from '../src/window/router.js';
import { serveWindow, type WindowPorts } from '../src/window/serve-window.js';
import { WindowBroadcast, type RunningBroadcast } from '../src/window/window-broadcast.js';

/**
 * An engine whose router, broadcast control, profiles and settings are the real ones, over a broadcast that the test
 * moves by hand and with no server, ffmpeg or network.
 */
export class TestEngine {
  readonly router: EngineRouter;
  readonly logger: Logger;
  readonly #control: WindowBroadcast;
  readonly #closing = new AbortController();
  readonly #channels: MediaChannelReader[] = [];
  readonly #log: string[];
  #broadcast: FakeBroadcast | undefined;
  #devices: () => Promise<DeviceList> = () => Promise.resolve({ cameras: [], microphones: [] });
  heldCalls = 0;

  static async open(dataDirectory: string): Promise<TestEngine> {
    const log: string[] = [];
    const destination = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        log.push(chunk.toString());
        done();
      },
    });
    const logger = createLogger({ level: 'info', destination });
    const secretBox = await createKeyFileBox(dataDirectory);
    return new TestEngine(dataDirectory, logger, log, secretBox);
  }

  private constructor(dataDirectory: string, logger: Logger, log: string[], secretBox: SecretBox) {
    this.logger = logger;
    this.#log = log;
    const onNotice = (): void => undefined;
    const settings = new SettingsStore({ dataDirectory, onNotice });
    const profiles = new ProfileStore({
      dataDirectory,
      secretBox,
      logger,
      onNotice,
      builtIn: {
        serverUrl: 'rtmp://127.0.0.1/live',
        streamKey: 'preview',
        start: () => Promise.resolve('rtmp://127.0.0.1/live'),
      },
    });
    this.#control = new WindowBroadcast({
      logger,
      openSource: () => ({
        name: 'nothing',
        hasAudio: false,
        droppedFrames: 0,
        packets: () => {
          throw new Error('the test moves the broadcast by hand');
        },
      }),
      target: async (id) => {
        const { profile, streamKey } = await profiles.target(id);
        return { id: profile.id, name: profile.name, serverUrl: profile.serverUrl, streamKey };
      },
      createBroadcast: () => (this.#broadcast = new FakeBroadcast()),
    });
    this.router = createRouter({
      logger,
      settings,
      profiles,
      broadcast: this.#control,
      info: () =>
        Promise.resolve({
          version: '1.2.3',
          shell: 'browser',
          platform: 'linux',
          ffmpeg: { found: true, origin: 'path', version: '5.1' },
          secrets: { protection: secretBox.protection, description: secretBox.description },
          notices: [],
        }),
      listDevices: () => this.#devices(),
      onWatch: () => undefined,
      closing: this.#closing.signal,
    });
  }

  /** Answers a window, as a shell has it done. */
  serve(ports: WindowPorts): void {
    this.#channels.push(serveWindow(this.router, ports, this.logger).channel);
  }

  /** The first window's channel. */
  get channel(): MediaChannelReader {
    const [channel] = this.#channels;
    if (!channel) throw new Error('no window has connected');
    return channel;
  }

  get connections(): number {
    return this.#channels.filter((channel) => !channel.closed).length;
  }

  get broadcast(): FakeBroadcast {
    if (!this.#broadcast) throw new Error('nothing was started');
    return this.#broadcast;
  }

  get snapshot(): BroadcastSnapshot {
    return this.#control.snapshot;
  }

  get watchers(): number {
    return this.#control.watchers;
  }

  get log(): string {
    return this.#log.join('');
  }

  breakDevices(reason: string): void {
    this.#devices = () => Promise.reject(new Error(reason));
  }

  /** From now on, listing devices takes for ever. */
  holdDevices(): void {
    this.#devices = () => {
      this.heldCalls++;
      return new Promise(() => undefined);
    };
  }

  async close(): Promise<void> {
    await this.#control.close();
    this.#closing.abort();
  }
}

/** A broadcast without media: it is what the test makes of it. */
export class FakeBroadcast implements RunningBroadcast {
  snapshot: BroadcastSnapshot = { state: 'idle', captureSteps: [], destinations: [] };
  readonly #listeners = new Set<(snapshot: BroadcastSnapshot) => void>();
  #finish: () => void = () => undefined;
  readonly #finished = new Promise<void>((resolve) => (this.#finish = resolve));

  watch(listener: (snapshot: BroadcastSnapshot) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async run(): ReturnType<RunningBroadcast['run']> {
    this.change({ state: 'connecting', startedAt: 1 });
    await this.#finished;
    return {
      durationMs: 0,
      video: { frames: 0, keyframes: 0, droppedFrames: 0, bytes: 0 },
      audio: { frames: 0, bytes: 0 },
      destinations: [],
    };
  }

  async stop(): Promise<void> {
    this.change({ state: 'ended' });
    this.#finish();
    await this.#finished;
  }

  fail(error: AppErrorInfo): void {
    this.change({ state: 'ended', error });
    this.#finish();
  }

  change(change: Partial<BroadcastSnapshot>): void {
    this.snapshot = { ...this.snapshot, ...change };
    for (const listener of this.#listeners) listener(this.snapshot);
  }
}
