import { join } from 'node:path';
import { Writable } from 'node:stream';
import {
  appError,
  type AppErrorInfo,
  type BroadcastSnapshot,
  type DeviceList,
  type MediaChannelReader,
} from '@tallylight/contract';
import { createLogger, type Logger } from '../src/logger.js';
import { createKeyFileCipher } from '../src/profiles/key-file-cipher.js';
import type { SecretCipher } from '../src/profiles/secret-cipher.js';
import { RecordingList } from '../src/recordings/recording-list.js';
import { ProfileStore } from '../src/profiles/profile-store.js';
import { SettingsStore } from '../src/profiles/settings-store.js';
import { FileList } from '../src/sources/files/file-list.js';
import { OutputFactory } from '../src/output-factory.js';
import type { Output } from '../src/outputs/output.js';
import { ServerControl } from '../src/server/server-control.js';
import { ServerSettingsStore } from '../src/server/server-settings-store.js';
import { latest } from '../src/window/latest.js';
import { createRouter, type EngineRouter } from '../src/window/router.js';
import { serveWindow, type WindowPorts } from '../src/window/serve-window.js';
import { WindowBroadcast, type RunningBroadcast } from '../src/window/window-broadcast.js';
import { WindowCheck } from '../src/window/window-check.js';
import { WindowMonitor } from '../src/window/window-monitor.js';
import { WindowRecordings } from '../src/window/window-recordings.js';
import { FakeMonitor } from './support/fake-monitor.js';

const streamAddress = {
  ...{ url: 'rtmp://127.0.0.1:1936/live/input', serverUrl: 'rtmp://127.0.0.1:1936/live' },
  streamKey: 'input',
};

/**
 * An engine whose router, broadcast control, profiles and settings are the real ones, over a broadcast that the test
 * moves by hand and with no server, ffmpeg or network.
 */
export class TestEngine {
  readonly router: EngineRouter;
  readonly logger: Logger;
  /** The real one; nothing of it runs until a window switches it on. */
  readonly server: ServerControl;
  /** Whether a broadcast of this engine goes into its server. */
  isServerUsed = false;
  readonly #control: WindowBroadcast;
  readonly #closing = new AbortController();
  readonly #channels: MediaChannelReader[] = [];
  readonly #log: string[];
  #broadcast: FakeBroadcast | undefined;
  #devices: () => Promise<DeviceList> = () => Promise.resolve({ cameras: [], microphones: [] });
  #isPublished = false;
  #onPublished: () => void = () => undefined;
  /** What was shown in its folder. */
  readonly shown: string[] = [];
  /** What the window asked of the files that are on, in words. */
  readonly led: string[] = [];
  /** The real list; what is in a file, the test's names say. */
  readonly files = new FileList((path) =>
    path.endsWith('.txt')
      ? Promise.reject(appError('FILE_UNREADABLE', { file: path, reason: 'no' }))
      : Promise.resolve({ durationMs: 2000, videoCodec: 'h264', canCopy: true }),
  );
  heldCalls = 0;
  /** Each that a window has switched on, in this order. */
  readonly monitors: FakeMonitor[] = [];
  /** That of the window which asked for the preview last. */
  previewChannel: MediaChannelReader | undefined;

  static async open(dataDirectory: string): Promise<TestEngine> {
    const log: string[] = [];
    const destination = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        log.push(chunk.toString());
        done();
      },
    });
    const logger = createLogger({ level: 'info', destination });
    const secretCipher = await createKeyFileCipher(dataDirectory);
    return new TestEngine(dataDirectory, logger, log, secretCipher);
  }

  private constructor(
    dataDirectory: string,
    logger: Logger,
    log: string[],
    secretCipher: SecretCipher,
  ) {
    this.logger = logger;
    this.#log = log;
    const onNotice = (): void => undefined;
    const settings = new SettingsStore({ dataDirectory, onNotice });
    const profiles = new ProfileStore({
      dataDirectory,
      secretCipher: () => Promise.resolve(secretCipher),
      logger,
      onNotice,
      builtIn: { serverUrl: 'rtmp://127.0.0.1/live', streamKey: 'preview' },
    });
    const outputs = new OutputFactory({
      logger,
      profiles: () => profiles,
      server: {
        ...{
          watchUrl: undefined,
          credentials: undefined,
          streamKey: 'preview',
          playName: 'preview',
        },
        start: () => Promise.resolve('rtmp://127.0.0.1/live'),
      },
    });
    const serverSettings = new ServerSettingsStore({
      dataDirectory,
      secretCipher: () => Promise.resolve(secretCipher),
      logger,
      onNotice,
    });
    this.server = new ServerControl({
      logger,
      viewerDirectory: undefined,
      settings: () => serverSettings,
      isUsed: () => this.isServerUsed,
    });
    const recordings = new WindowRecordings({
      list: new RecordingList({ dataDirectory, logger, onNotice }),
      settings,
      ownFolder: join(dataDirectory, 'Videos'),
      nameOf: async (id) => (await profiles.list()).find((profile) => profile.id === id)?.name,
      showInFolder: (path) => void this.shown.push(path),
    });
    this.#control = new WindowBroadcast({
      logger,
      openSource: () => ({
        name: 'nothing',
        hasAudio: false,
        status: { droppedFrames: 0 },
        packets: () => {
          throw new Error('the test moves the broadcast by hand');
        },
      }),
      startBroadcast: async (wanted) => {
        const opened = await Promise.all(wanted.outputs.map((spec) => outputs.open(spec)));
        const broadcast = new FakeBroadcast(wanted.onSnapshot, opened);
        this.#broadcast = broadcast;
        void broadcast.run();
        return broadcast;
      },
      openOutput: (spec) => outputs.open(spec),
      recordings,
    });
    const monitor = new WindowMonitor({
      logger,
      snapshot: () => this.#control.snapshot,
      onChange: (listener) => this.#control.onChange(listener),
      openMonitor: async (outputId, onPicture) => {
        await outputs.monitorPlace(outputId);
        const opened = new FakeMonitor(onPicture);
        this.monitors.push(opened);
        return opened;
      },
    });
    const check = new WindowCheck({
      logger,
      snapshot: () => this.#control.snapshot,
      openTarget: (id) => outputs.target(id),
    });
    this.router = createRouter({
      logger,
      watchCheck: (input, signal) => check.watch(input, signal),
      settings,
      profiles,
      server: this.server,
      broadcast: this.#control,
      refuseCircle: () => Promise.resolve(),
      recordings,
      info: () =>
        Promise.resolve({
          version: '1.2.3',
          shell: 'browser',
          platform: 'linux',
          ffmpeg: { found: true, origin: 'path', version: '5.1' },
          secrets: secretCipher.protection,
          notices: [],
        }),
      listDevices: () => this.#devices(),
      openStreamInput: () => Promise.resolve(streamAddress),
      watchStreamInput: ({ from }, signal) =>
        latest(
          () => ({
            // One on the server is always there, and has no address of its own.
            ...(!from && { address: streamAddress }),
            isPublished: from !== undefined || this.#isPublished,
          }),
          (onChange) => {
            this.#onPublished = onChange;
            return () => undefined;
          },
          signal,
        ),
      files: this.files,
      playback: () => {
        const lead = (what: string) => (): Promise<void> => {
          this.led.push(what);
          return Promise.resolve();
        };
        return {
          ...{ next: lead('next'), pause: lead('pause'), resume: lead('resume') },
          seek: (positionMs) => lead(`seek ${positionMs}`)(),
        };
      },
      watchMonitor: (outputId, channel, signal) => monitor.watch(outputId, channel, signal),
      showPreview: (channel) => (this.previewChannel = channel),
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

  /** Somebody begins to publish to the stream input. */
  publishInput(): void {
    this.#isPublished = true;
    this.#onPublished();
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
    await this.server.close();
  }
}

const unused = (): void => undefined;

/** A broadcast without media: it is what the test makes of it. */
export class FakeBroadcast implements RunningBroadcast {
  snapshot: BroadcastSnapshot = { state: 'idle', captureSteps: [], outputs: [] };
  /** What the window asked of it, in words. */
  readonly asked: string[] = [];
  readonly #onSnapshot: (snapshot: BroadcastSnapshot) => void;
  #finish: () => void = () => undefined;
  readonly #finished = new Promise<void>((resolve) => (this.#finish = resolve));

  /** Those that it was begun with: they are told what only their kind can do, and are in no snapshot. */
  readonly begunWith: readonly Output[];
  readonly #added: Output[] = [];

  constructor(
    onSnapshot: ((snapshot: BroadcastSnapshot) => void) | undefined,
    begunWith: readonly Output[],
  ) {
    this.#onSnapshot = onSnapshot ?? (() => undefined);
    this.begunWith = begunWith;
  }

  async run(): Promise<BroadcastSnapshot> {
    if (this.snapshot.state === 'idle') this.change({ state: 'connecting', startedAt: 1 });
    await this.#finished;
    return this.snapshot;
  }

  add(output: Output): void {
    this.#added.push(output);
    this.change({ outputs: [...this.snapshot.outputs, output.status] });
  }

  output(id: string): Output {
    this.#find(id);
    const output = [...this.begunWith, ...this.#added].find((each) => each.id === id);
    if (!output) throw new Error(`the test has put ${id} into the snapshot`);
    return {
      ...{ id, status: output.status, pressure: output.pressure },
      ...{ open: unused, start: unused, change: unused, push: unused },
      finish: () => Promise.resolve(),
      pause: () => void this.asked.push(`pause ${id}`),
      resume: () => void this.asked.push(`resume ${id}`),
      save: (path) => {
        this.asked.push(`save ${path}`);
        return Promise.resolve({ path, bytes: 1, durationMs: 30_000 });
      },
    };
  }

  remove(id: string): Promise<void> {
    this.#find(id);
    this.change({ outputs: this.snapshot.outputs.filter((output) => output.id !== id) });
    return Promise.resolve();
  }

  finish(id: string): Promise<void> {
    this.#find(id);
    this.asked.push(`finish ${id}`);
    return Promise.resolve();
  }

  retry(id: string): void {
    this.#find(id);
    this.asked.push(`retry ${id}`);
  }

  networkUp(): void {
    this.asked.push('network up');
  }

  setVideoBitrate(bitrate: number): Promise<void> {
    if (bitrate < 100_000) {
      return Promise.reject(appError('CANNOT_CHANGE_BITRATE', { source: 'Camera' }));
    }
    this.asked.push(`bitrate ${bitrate}`);
    return Promise.resolve();
  }

  async stop(flushMs = 0): Promise<void> {
    if (flushMs > 0) this.asked.push('flush');
    this.change({ state: 'ended' });
    this.#finish();
    await this.#finished;
  }

  fail(error: AppErrorInfo): void {
    this.change({ state: 'ended', error });
    this.#finish();
  }

  #find(id: string): void {
    if (!this.snapshot.outputs.some((output) => output.id === id)) {
      throw appError('OUTPUT_NOT_FOUND', { output: id });
    }
  }

  change(change: Partial<BroadcastSnapshot>): void {
    this.snapshot = { ...this.snapshot, ...change };
    this.#onSnapshot(this.snapshot);
  }
}
