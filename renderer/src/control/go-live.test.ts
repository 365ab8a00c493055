import {
  builtInProfileId,
  describeError,
  MediaChannelWriter,
  type AppErrorInfo,
  type BroadcastSnapshot,
  type OutputInput,
  type Profile,
  type RecordingStatus,
  type Settings,
  type StartInput,
  usualRecording,
} from '@tallylight/contract';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunningEngine } from '../media/media-engine.js';
import { createAlertsStore } from '../state/alerts-store.js';
import { createBroadcastStore, type BroadcastStore } from '../state/broadcast-store.js';
import { CaptureController } from './capture-controller.js';
import { createDevicesStore } from '../state/devices-store.js';
import type { EngineClient } from '../state/engine-client.js';
import { GoLiveController, type GoLiveParts } from './go-live.js';
import type { MediaPort } from './media-port.js';
import { createQuestionsStore } from '../state/questions-store.js';
import { createProfilesStore } from '../state/profiles-store.js';
import { Ticks } from '../state/ticks.js';
import { createSettingsStore } from '../state/settings-store.js';
import { captureOptions } from '../state/source-selection.js';
import { destination } from '../../test/snapshots.js';

const builtIn: Profile = {
  id: builtInProfileId,
  name: 'Built-in server',
  serverUrl: 'rtmp://127.0.0.1:1935/live',
  shownUrl: 'rtmp://127.0.0.1:1935/live',
  hasPassword: false,
  hasKey: true,
  kind: 'built-in',
};
const settings: Settings = {
  cameraId: 'test-picture',
  microphoneId: 'test-beep',
  width: 1280,
  height: 720,
  fps: 30,
  videoBitrate: 2_500_000,
  audioBitrate: 128_000,
  engine: 'webcodecs',
  destinationGroups: [],
  language: 'en',
  holdToStop: false,
  ...usualRecording,
  adaptBitrate: true,
  bitratePolicy: 'drop-slowest',
};
const recorded: RecordingStatus = {
  ...{ type: 'recording', reach: 'local', id: 'recording', name: 'a.mp4', path: '/a.mp4' },
  ...{ state: 'live', bytes: 0 },
};
const onAir = destination({ id: builtInProfileId, state: 'live' });
const refused = describeError('STREAM_REFUSED', { host: 'a', reason: 'no' }, 'publish');

/** The commands that reached the other side, and what it answers. */
class FakeWorld {
  readonly calls: string[] = [];
  readonly started: StartInput[] = [];
  readonly captureErrors: AppErrorInfo[] = [];
  startError: AppErrorInfo | undefined;
  engineError: AppErrorInfo | undefined;
  failEngine: (error: AppErrorInfo) => void = () => undefined;
  broadcast: BroadcastStore = createBroadcastStore();

  snapshot(state: BroadcastSnapshot['state'], patch: Partial<BroadcastSnapshot> = {}): void {
    const before = this.broadcast.getState().snapshot;
    this.broadcast.getState().receive({ ...before, startedAt: 1, ...patch, state });
  }

  readonly client = {
    settings: { update: () => Promise.resolve(settings) },
    profiles: { list: () => Promise.resolve([builtIn]) },
    devices: { list: () => Promise.resolve({ cameras: [], microphones: [] }) },
    broadcast: {
      start: (input: StartInput) => {
        this.calls.push('start');
        this.started.push(input);
        if (this.startError) {
          return Promise.reject(Object.assign(new Error('x'), { data: this.startError }));
        }
        this.snapshot('connecting');
        return Promise.resolve();
      },
      addOutput: (input: OutputInput) => {
        this.calls.push(`add ${input.type === 'profile' ? input.profileId : input.type}`);
        const { outputs } = this.broadcast.getState().snapshot;
        this.snapshot('live', { liveAt: 2, outputs: [...outputs, onAir] });
        return Promise.resolve({ id: onAir.id });
      },
      stop: (input?: { flush?: boolean; keepRecording?: boolean }) => {
        if (input?.keepRecording) {
          this.calls.push('stop the show');
          this.snapshot('recording', { outputs: [recorded] });
          return Promise.resolve();
        }
        this.calls.push(input?.flush === true ? 'flush and stop' : 'stop');
        this.snapshot('ended');
        return Promise.resolve();
      },
      captureFailed: (error: AppErrorInfo) => {
        this.calls.push('captureFailed');
        this.captureErrors.push(error);
        this.snapshot('ended', { error });
        return Promise.resolve();
      },
    },
    // The procedures that going live does not use are left out.
  } as unknown as EngineClient;

  readonly media: MediaPort = {
    openCapture: () => {
      this.calls.push('open');
      return Promise.resolve({
        stream: {} as MediaStream,
        hasAudio: true,
        cameraLabel: '',
        microphoneLabel: '',
        peakDb: () => -60,
        onEnded: () => undefined,
        close: () => this.calls.push('close'),
      });
    },
    prepareEngine: () => undefined,
    startEngine: (kind): Promise<RunningEngine> => {
      this.calls.push(`encode ${kind}`);
      if (this.engineError) {
        return Promise.reject(Object.assign(new Error('x'), { info: this.engineError }));
      }
      return Promise.resolve({
        stop: () => {
          this.calls.push('stop encoding');
          return Promise.resolve();
        },
        onFailed: (listener) => {
          this.failEngine = listener;
        },
      });
    },
    listMediaDevices: () => Promise.resolve({ cameras: [], microphones: [] }),
    onDeviceChange: () => () => undefined,
    onPermissionChange: () => () => undefined,
  };
}

describe('GoLiveController', () => {
  let world: FakeWorld;
  let parts: GoLiveParts;
  let controller: GoLiveController;

  async function open(chosen: Partial<Settings> = {}): Promise<void> {
    world = new FakeWorld();
    const { client, media, broadcast } = world;
    const alerts = createAlertsStore();
    const settingsStore = createSettingsStore(client, { ...settings, ...chosen }, alerts);
    const devices = createDevicesStore(media, client, alerts);
    const capture = new CaptureController(media);
    await Promise.all([devices.getState().refreshBrowser(), devices.getState().refreshFfmpeg()]);
    const channel = new MediaChannelWriter({
      send: () => undefined,
      onMessage: () => undefined,
      onClose: () => undefined,
      close: () => undefined,
    });
    parts = {
      client,
      media,
      channel,
      capture,
      settings: settingsStore,
      devices,
      profiles: createProfilesStore(
        client,
        new Ticks(settingsStore),
        alerts,
        createQuestionsStore(),
        [builtIn],
      ),
      broadcast,
      alerts,
      language: () => 'zh-CN',
    };
    controller = new GoLiveController(parts);
    const options = captureOptions(settingsStore.getState().settings, devices.getState());
    capture.want(options);
    if (options) await capture.opened();
    world.calls.length = 0;
  }

  const alertErrors = (): AppErrorInfo[] =>
    parts.alerts.getState().alerts.map(({ error }) => error);

  beforeEach(() => open());

  it('sends on a stream that others publish: it captures and encodes nothing, and its slate speaks as the window does', async () => {
    await open({ cameraId: 'stream-input' });
    await controller.goLive();
    expect(world.started.map(({ source }) => source)).toEqual([
      { type: 'stream', slateLanguage: 'zh-CN' },
    ]);
    expect(world.calls).toEqual(['start']);
  });

  it('starts the engine first, then the encoders; stops the encoders first', async () => {
    await controller.goLive();
    expect(world.calls).toEqual(['start', 'encode webcodecs']);
    expect(world.started[0]).toMatchObject({
      source: {
        type: 'renderer',
        format: 'packets',
        hasAudio: true,
        name: { reason: 'test-picture' },
        captureId: 1,
      },
      encoding: { width: 1280, keyframeInterval: 2 },
      bitrateAdaptation: 'drop-slowest',
      profileIds: [builtInProfileId],
    });
    world.snapshot('live', { liveAt: 2 });
    expect(controller.stage).toBe('live');
    await controller.stop();
    expect(world.calls.slice(2)).toEqual(['stop encoding', 'flush and stop']);
    expect(controller.stage).toBe('off-air');
    expect(alertErrors()).toEqual([]);
  });

  it('records without a destination, goes live within that, and stops the show alone', async () => {
    await controller.record();
    expect(world.started[0]).toMatchObject({ profileIds: [], record: true });
    world.snapshot('recording', { outputs: [recorded] });
    expect(controller.stage).toBe('recording');
    world.calls.length = 0;
    await controller.goLive();
    expect(controller.stage).toBe('live');
    await controller.stop();
    expect(controller.stage).toBe('recording');
    // The encoder goes on.
    expect(world.calls).toEqual([`add ${builtInProfileId}`, 'stop the show']);
    await controller.end();
    expect(world.calls.slice(2)).toEqual(['stop encoding', 'flush and stop']);
    expect(alertErrors()).toEqual([]);
  });

  it('says why the show within a recording has failed, and goes on recording', async () => {
    await controller.record();
    world.snapshot('recording', { outputs: [recorded] });
    await controller.goLive();
    const failed = { ...onAir, state: 'failed' as const, lastError: refused };
    world.snapshot('recording', { outputs: [recorded, failed] });
    expect(controller.stage).toBe('recording');
    expect(alertErrors()).toEqual([refused]);
  });

  it('sends what MediaRecorder writes as Matroska', async () => {
    await open({ engine: 'mediarecorder' });
    await controller.goLive();
    expect(world.calls).toEqual(['start', 'encode mediarecorder']);
    expect(world.started[0]?.source).toMatchObject({ format: 'matroska' });
  });

  it('waits until it is known what ffmpeg can open', async () => {
    await open({ engine: 'ffmpeg', microphoneId: 'none' });
    const known = parts.devices.getState().ffmpeg;
    parts.devices.setState({ ffmpeg: undefined });
    const goingLive = controller.goLive();
    expect(controller.stage).toBe('connecting');
    parts.devices.setState({ ffmpeg: known });
    await goingLive;
    expect(world.calls).toEqual(['close', 'start']);
    expect(alertErrors()).toEqual([]);
  });

  it('opens the camera for who was quicker than the listing of devices', async () => {
    const known = parts.devices.getState().browser;
    parts.devices.setState({ browser: undefined });
    await parts.capture.close();
    world.calls.length = 0;
    const goingLive = controller.goLive();
    parts.devices.setState({ browser: known });
    await goingLive;
    expect(world.calls).toEqual(['open', 'start', 'encode webcodecs']);
    expect(alertErrors()).toEqual([]);
  });

  it('frees the camera before ffmpeg opens it, and takes it back afterwards', async () => {
    await open({ engine: 'ffmpeg', microphoneId: 'none' });
    await controller.goLive();
    expect(world.calls).toEqual(['close', 'start']);
    expect(world.started[0]?.source).toEqual({
      type: 'ffmpeg',
      video: { type: 'test' },
      audio: { type: 'none' },
    });
    await controller.stop();
    await parts.capture.opened();
    expect(world.calls).toEqual(['close', 'start', 'stop', 'open']);
  });

  it('shows what the engine refuses at once', async () => {
    world.startError = describeError('EMPTY_KEY', { destination: 'Twitch' });
    await controller.goLive();
    expect(alertErrors()).toEqual([describeError('EMPTY_KEY', { destination: 'Twitch' })]);
    expect(controller.stage).toBe('off-air');
    expect(world.calls).toEqual(['start']);
  });

  it('shows what the server refuses later, and stops encoding', async () => {
    await controller.goLive();
    world.snapshot('ended', { error: refused });
    await vi.waitFor(() => expect(world.calls).toContain('stop encoding'));
    expect(alertErrors()).toEqual([refused]);
    expect(controller.stage).toBe('off-air');
  });

  it('ends the broadcast when the encoder cannot start', async () => {
    world.engineError = describeError('ENCODER_FAILED', { encoder: 'AAC', reason: 'none' });
    await controller.goLive();
    expect(world.captureErrors).toEqual([world.engineError]);
    expect(alertErrors()).toEqual([world.engineError]);
    expect(controller.stage).toBe('off-air');
  });

  it('ends the broadcast when the encoder fails later', async () => {
    await controller.goLive();
    world.snapshot('live', { liveAt: 2 });
    const error = describeError('CAPTURE_FAILED', { reason: 'unplugged' });
    world.failEngine(error);
    await vi.waitFor(() => expect(controller.stage).toBe('off-air'));
    expect(world.captureErrors).toEqual([error]);
    expect(parts.alerts.getState().alerts[0]?.title).toBe('brokeOff');
  });

  it('does nothing twice', async () => {
    await Promise.all([controller.goLive(), controller.goLive()]);
    await Promise.all([controller.stop(), controller.stop()]);
    expect(world.calls).toEqual(['start', 'encode webcodecs', 'stop', 'stop encoding']);
  });

  it('flushes what is live before it stops', async () => {
    await controller.goLive();
    world.snapshot('live', { liveAt: 2 });
    await controller.stop();
    expect(world.calls).toEqual(['start', 'encode webcodecs', 'stop encoding', 'flush and stop']);
  });

  it('cancels an attempt that the engine has not answered yet', async () => {
    const goingLive = controller.goLive();
    expect(controller.stage).toBe('connecting');
    await controller.stop();
    await goingLive;
    expect(controller.stage).toBe('off-air');
    expect(world.calls).not.toContain('encode webcodecs');
  });

  it('says why this attempt failed, not why the last one did', async () => {
    await controller.goLive();
    world.snapshot('live', { liveAt: 2 });
    world.snapshot('ended', { error: refused });
    world.startError = describeError('EMPTY_KEY', { destination: 'Twitch' });
    await controller.goLive();
    expect(parts.alerts.getState().alerts).toMatchObject([
      { title: 'notLive', error: world.startError },
    ]);
  });

  it('says nothing of a broadcast any more once another has begun, whichever window began it', () => {
    world.snapshot('live', { liveAt: 2 });
    world.snapshot('ended', { error: refused });
    expect(alertErrors()).toEqual([refused]);
    const next = { startedAt: 3, captureSteps: [], outputs: [] };
    const { receive } = world.broadcast.getState();
    receive({ ...next, state: 'connecting' });
    expect(alertErrors()).toEqual([]);

    receive({ ...next, state: 'ended', error: refused });
    expect(alertErrors()).toEqual([refused]);
    // A window that was slow sees only the end of the next.
    receive({ ...next, startedAt: 4, state: 'ended' });
    expect(alertErrors()).toEqual([]);
    const other = describeError('CONNECTION_LOST');
    receive({ ...next, startedAt: 5, state: 'ended', error: other });
    expect(alertErrors()).toEqual([other]);
  });

  it('is not disturbed by an attempt that was cancelled before', async () => {
    await open({ engine: 'ffmpeg', microphoneId: 'none' });
    const cancelled = controller.goLive();
    await controller.stop();
    const second = controller.goLive();
    await cancelled;
    expect(controller.stage).toBe('connecting');
    await second;
    expect(world.calls).toEqual(['stop', 'close', 'start']);
    expect(controller.stage).toBe('connecting');
  });

  it('ends the encoder of a refused attempt before the next one begins', async () => {
    let ready = (): void => undefined;
    const { media } = world;
    const startEngine = media.startEngine.bind(media);
    const starting = vi.spyOn(media, 'startEngine').mockImplementationOnce(async (...args) => {
      await new Promise<void>((resolve) => (ready = resolve));
      return startEngine(...args);
    });
    const first = controller.goLive();
    await vi.waitFor(() => expect(starting).toHaveBeenCalled());
    world.snapshot('ended', { error: refused });
    const second = controller.goLive();
    ready();
    await Promise.all([first, second]);
    const attempt = ['start', 'encode webcodecs'];
    expect(world.calls).toEqual([...attempt, 'stop encoding', ...attempt]);
    expect(controller.stage).toBe('connecting');
  });

  it('stops what a start begins that the stop has overtaken', async () => {
    let answer = (): void => undefined;
    const { broadcast } = world.client;
    const start = broadcast.start.bind(broadcast);
    vi.spyOn(broadcast, 'start').mockImplementation(async (input) => {
      await new Promise<void>((resolve) => (answer = resolve));
      return start(input);
    });
    const goingLive = controller.goLive();
    await vi.waitFor(() => expect(broadcast.start).toHaveBeenCalled());
    const stopping = controller.stop();
    await vi.waitFor(() => expect(world.calls).toEqual(['stop']));
    answer();
    await Promise.all([goingLive, stopping]);
    expect(world.calls).toEqual(['stop', 'start', 'stop']);
    expect(controller.stage).toBe('off-air');
  });

  it('saves what the editor holds before it goes live, and does not go live without', async () => {
    await parts.profiles.getState().startNew();
    parts.profiles.getState().edit({ serverUrl: 'rtmp://church.example/live' });
    await controller.goLive();
    expect(alertErrors()).toEqual([describeError('PROFILE_NAMELESS')]);
    expect(world.calls).toEqual([]);
    expect(controller.stage).toBe('off-air');
  });

  it('goes live where a new profile was begun and nothing was typed', async () => {
    await parts.profiles.getState().startNew();
    await controller.goLive();
    expect(alertErrors()).toEqual([]);
    expect(world.started[0]?.profileIds).toEqual([builtInProfileId]);
  });
});
