import {
  builtInProfileId,
  capturePhases,
  describeError,
  destinationsOf,
  destinationPhases,
  reason,
  type AppErrorInfo,
  type BroadcastSnapshot,
  type DestinationStatus,
  type MonitorSnapshot,
  type Phase,
  type Profile,
  type Settings,
  type StartInput,
  type Step,
  usualRecording,
} from '@tallylight/contract';
import {
  nextHealth,
  withoutVerdict,
  type HealthState,
} from '../../packages/engine/src/broadcast/health.js';
import { closed, fullDisk, loss, refusal } from './fake-failures.js';
import { FakeBitrate } from './fake-bitrate.js';
import { fakeDestinationFigures, fakeProgram } from './fake-figures.js';
import { FakeFiles, type FakeFilesState } from './fake-files.js';
import { FakeServer, type FakeServerState } from './fake-server.js';
import { fakeServerConfig } from './fake-server-config.js';
import { FakeOthers } from './fake-others.js';
import { FakePast } from './fake-past.js';
import { failed } from './fake-failures.js';
import { FakeRecordings, type FakeRecordingsState } from './fake-recordings.js';
import { FakeStreamInput } from './fake-stream-input.js';
import { fakeDevices, fakeInfo } from './fake-system.js';
import { FakeProfiles } from './fake-profiles.js';
import { stepOf, stepsAt } from './fake-steps.js';
import { FakeLog } from './fake-log.js';
import type { EngineClient } from '../../renderer/src/state/engine-client.js';

/** How the fake engine's broadcasts go; chosen by the page's `scenario` parameter. */
export type Scenario =
  | 'good'
  | 'connecting'
  | 'refused'
  | 'one-refused'
  | 'slow'
  | 'lowered'
  | 'lost'
  | 'given-up'
  | 'silent'
  | 'full-disk'
  | 'long';

/** Of half a second. */
const lostAtTick = 4;
const waitMs = 20_000;

/** An engine without media: it plays a scenario through the contract's own procedures. */
export class FakeEngine {
  readonly #scenario: Scenario;
  readonly #stepMs: number;
  #settings: Settings;
  readonly #others = new FakeOthers();
  #input: StartInput | undefined;
  #snapshot: BroadcastSnapshot = { state: 'idle', captureSteps: [], outputs: [] };
  readonly #watchers = new Set<() => void>();
  #run = new AbortController();
  #isRetried = false;
  readonly #bitrate = new FakeBitrate();
  #past = new FakePast(false);
  #wake = (): void => undefined;

  constructor(
    scenario: Scenario,
    stepMs: number,
    settings: Partial<Settings>,
    server: FakeServerState,
    files: FakeFilesState,
    profiles = 0,
    recordings: FakeRecordingsState = 'none',
  ) {
    this.recordings = new FakeRecordings(recordings);
    this.recordings.onChange = () => this.#wake();
    this.profiles = new FakeProfiles(profiles);
    this.files = new FakeFiles(files);
    this.#server = new FakeServer(server);
    this.client = {
      ...this.#procedures,
      ...{ server: this.#server.procedures, files: this.files.procedures },
      profiles: this.profiles.procedures,
      recordings: this.recordings.procedures,
      broadcast: { ...this.#broadcast, ...this.recordings.broadcast },
    };
    this.#scenario = scenario;
    this.#stepMs = stepMs;
    this.#settings = {
      cameraId: '',
      microphoneId: '',
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
      ...settings,
    };
  }

  readonly streamInput = new FakeStreamInput();
  readonly #server: FakeServer;
  readonly client: EngineClient;
  readonly files: FakeFiles;
  readonly profiles: FakeProfiles;
  readonly #log = new FakeLog();
  readonly recordings: FakeRecordings;
  readonly #procedures: Omit<
    EngineClient,
    'server' | 'files' | 'profiles' | 'recordings' | 'broadcast'
  > = {
    system: { info: () => Promise.resolve(fakeInfo) },
    settings: {
      get: () => Promise.resolve(this.#settings),
      update: (patch) => {
        this.#settings = Object.assign({}, this.#settings, patch);
        return Promise.resolve(this.#settings);
      },
    },
    serverConfig: fakeServerConfig,
    devices: { list: () => Promise.resolve(fakeDevices) },
    streamInput: {
      open: () => Promise.resolve(this.streamInput.address),
      watch: ({ from }) =>
        Promise.resolve(from ? this.#server.watchStream(from) : this.streamInput.watch()),
    },
    monitor: { watch: ({ id }) => Promise.resolve(this.#watchMonitor(id)) },
  };
  readonly #broadcast: Omit<EngineClient['broadcast'], keyof FakeRecordings['broadcast']> = {
    start: (input) => {
      const wanted = input.profileIds.flatMap((id) => this.profiles.find(id) ?? []);
      const [profile, ...others] = wanted;
      if (!profile && !input.record) return Promise.reject(failed(notFound));
      this.#run = new AbortController();
      this.#input = input;
      this.#bitrate.begin(input);
      this.#past = new FakePast(this.#scenario === 'long');
      this.#isRetried = false;
      this.recordings.forget();
      if (input.record) this.recordings.begin();
      this.#others.begin(others, this.#scenario === 'one-refused');
      if (profile) void this.#play(input, profile, this.#run.signal);
      else void this.#record(input, { state: 'recording', startedAt: Date.now() });
      return Promise.resolve();
    },
    stop: (stop) => {
      if (!stop?.keepRecording || !this.recordings.isRunning) this.#end();
      else if (this.#input) void this.#record(this.#input, this.#ended());
      return Promise.resolve();
    },
    captureFailed: (error) => {
      this.#end(error);
      return Promise.resolve();
    },
    addOutput: (output) => {
      if (output.type === 'recording') {
        const id = this.recordings.begin();
        this.#wake();
        return Promise.resolve({ id });
      }
      const profile = this.profiles.find(output.profileId);
      if (!profile || !this.#input)
        return Promise.reject(failed(describeError('NOT_BROADCASTING')));
      if (this.#snapshot.state === 'recording') {
        this.#run.abort();
        this.#run = new AbortController();
        void this.#play(this.#input, profile, this.#run.signal);
      } else this.#others.add(profile);
      this.#wake();
      return Promise.resolve({ id: profile.id });
    },
    removeOutput: ({ id }) => {
      this.#others.remove(id);
      this.#wake();
      return Promise.resolve();
    },
    finishOutput: ({ id }) => {
      if (!this.#others.stop(id)) this.recordings.end();
      this.#wake();
      return Promise.resolve();
    },
    retryOutput: ({ id }) => {
      if (!this.#others.retry(id)) this.#isRetried = true;
      this.#wake();
      return Promise.resolve();
    },
    networkUp: () => {
      this.#isRetried = true;
      this.#wake();
      return Promise.resolve();
    },
    setVideoBitrate: ({ videoBitrate }) => {
      this.#bitrate.setLimit(videoBitrate);
      this.#wake();
      return Promise.resolve();
    },
    showPreview: () => Promise.resolve(),
    watch: () => Promise.resolve(this.#watch()),
    watchLog: () => Promise.resolve(this.#log.watch()),
  };

  /** Whether the system tells what the program costs. */
  isLoadKnown = true;
  /** Whether what viewers get is refused to the window. */
  isMonitorRefused = false;
  /** Its pictures come from the harness, once it is watched. */
  onMonitorWatched = (): void => undefined;

  async *#watchMonitor(id: string): AsyncGenerator<MonitorSnapshot> {
    if (!this.#snapshot.outputs.some((output) => output.id === id))
      throw failed(describeError('OUTPUT_NOT_FOUND', { output: id }));
    const error = describeError('STREAM_NOT_FOUND', { host: 'live.example.tv' });
    this.onMonitorWatched();
    yield this.isMonitorRefused
      ? { state: 'waiting', way: 'rtmp', error }
      : { state: 'playing', way: 'rtmp', hasAudio: true };
    await new Promise(() => undefined);
  }

  async *#watch(): AsyncGenerator<BroadcastSnapshot> {
    for (;;) {
      yield this.#snapshot;
      await new Promise<void>((resolve) => this.#watchers.add(resolve));
    }
  }

  #publish(snapshot: BroadcastSnapshot): void {
    const { type: capturedBy } = this.#input?.source ?? {};
    const all = this.#others.join({ ...snapshot, outputs: destinationsOf(snapshot) });
    const joined = this.#past.join(all);
    const isOver = joined.state === 'ended';
    const kept = this.recordings.outputs.filter(({ type }) => !isOver || type !== 'replay');
    // What a scenario has of its own.
    const own = snapshot.outputs.filter(({ id }) => id === fullDisk.id);
    this.#snapshot = {
      ...{ ...joined, outputs: [...joined.outputs, ...own, ...kept] },
      ...(capturedBy && { capturedBy }),
    };
    for (const wake of this.#watchers) wake();
    this.#watchers.clear();
    this.#log.receive(this.#snapshot);
  }

  #end(error?: AppErrorInfo): void {
    this.#run.abort();
    if (this.#snapshot.state === 'idle' || this.#snapshot.state === 'ended') return;
    this.recordings.end();
    this.#publish({ ...this.#ended(), state: 'ended', ...(error && { error }) });
  }

  /** The destinations have come to their end. */
  #ended(): BroadcastSnapshot {
    this.#others.begin([], false);
    const outputs = destinationsOf(this.#snapshot).map((output): DestinationStatus => ({
      ...output,
      state: 'stopped',
      bitrate: 0,
    }));
    return { ...this.#snapshot, outputs };
  }

  /** Nobody sees it any more, or yet. */
  async #record({ encoding }: StartInput, from: Partial<BroadcastSnapshot>): Promise<void> {
    this.#run.abort();
    this.#run = new AbortController();
    const { signal } = this.#run;
    const captureSteps = stepsAt(capturePhases, undefined);
    while (!signal.aborted) {
      this.recordings.tick(encoding.fps);
      this.#publish({ captureSteps, outputs: [], ...from, state: 'recording' });
      if (!this.recordings.isRunning) {
        const error = this.recordings.error;
        if (error) this.#publish({ ...this.#ended(), state: 'ended', error });
        return;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        setTimeout(resolve, 500);
      });
    }
  }

  async #play(input: StartInput, profile: Profile, signal: AbortSignal): Promise<void> {
    const startedAt = Date.now();
    const encrypted = profile.serverUrl.startsWith('rtmps:');
    const steps = (active: Phase | undefined, hasFailed = false): Step[] =>
      stepsAt(destinationPhases, active, hasFailed).map((step) =>
        step.phase === 'tls' && !encrypted && step.state !== 'pending'
          ? stepOf('tls', 'skipped')
          : step,
      );
    const destination: DestinationStatus = {
      type: 'rtmp',
      reach: 'public',
      id: profile.id,
      name: profile.name,
      url: profile.serverUrl,
      state: 'connecting',
      steps: steps('dns'),
      bytesSent: 0,
      framesSent: 0,
      framesDropped: 0,
      reconnects: 0,
    };
    const captureSteps = (active: Phase | undefined): Step[] =>
      stepsAt(capturePhases, active).map((step) =>
        step.phase === 'camera' && step.state === 'done' && isTestPicture(input)
          ? { ...step, detail: reason('test-picture') }
          : step,
      );
    for (const phase of [...capturePhases, ...destinationPhases]) {
      const inCapture = phase === 'camera' || phase === 'encoder';
      const refused = this.#scenario === 'refused' && phase === 'publish';
      this.#publish({
        state: refused ? 'ended' : 'connecting',
        startedAt,
        // Capture and connection go on beside each other.
        captureSteps: captureSteps(inCapture ? phase : refused ? 'encoder' : undefined),
        outputs: [
          {
            ...destination,
            steps: inCapture
              ? destinationPhases.map((p) => stepOf(p, 'pending'))
              : steps(phase, refused),
            ...(refused && { state: 'failed' as const, lastError: refusal }),
          },
        ],
        ...(refused && { error: refusal }),
      });
      if (refused) return;
      const stays = this.#scenario === 'connecting' && phase === 'publish';
      await new Promise((resolve) => setTimeout(resolve, stays ? 600_000 : this.#stepMs));
      if (signal.aborted) return;
    }
    const begun = { startedAt, captureSteps: captureSteps(undefined) };
    await this.#goOn(input, { ...destination, steps: steps(undefined) }, begun, signal);
  }

  async #goOn(
    { encoding, source }: StartInput,
    destination: DestinationStatus,
    begun: { readonly startedAt: number; readonly captureSteps: Step[] },
    signal: AbortSignal,
  ): Promise<void> {
    const liveAt = Date.now();
    const hasSound =
      source.type === 'renderer'
        ? source.hasAudio
        : source.type !== 'ffmpeg' || source.audio.type !== 'none';
    let framesMissed = 0;
    let lostAt: number | undefined;
    let liveSince = liveAt;
    let judged: HealthState | undefined;
    if (source.type === 'files') this.files.play(signal);
    for (let tick = 0; !signal.aborted; tick++) {
      if (this.#scenario === 'given-up' && tick === lostAtTick) {
        const outputs = destinationsOf(this.#snapshot).map((output): DestinationStatus => ({
          ...output,
          ...{ state: 'failed', gaveUp: true, lastError: closed, bitrate: 0 },
        }));
        this.#publish({ ...this.#snapshot, state: 'ended', outputs, error: closed });
        return;
      }
      if (this.#scenario === 'lost' && tick === lostAtTick) lostAt = Date.now();
      if (this.#isRetried && lostAt !== undefined) {
        lostAt = undefined;
        liveSince = Date.now();
      }
      const isAway = lostAt !== undefined;
      const isSilent = this.#scenario === 'silent' && tick > lostAtTick;
      if (isAway) framesMissed += encoding.fps / 2;
      const frames = Math.round((tick * encoding.fps) / 2);
      const framesDropped = this.#scenario === 'slow' ? Math.round(frames * 0.024) : 0;
      const picture = this.#bitrate.status(destination.id, this.#scenario);
      const encoded = picture.videoBitrate?.asked ?? encoding.videoBitrate;
      const bitrate = encoded + 131_000 + 9000 * Math.sin(tick);
      const next: BroadcastSnapshot = {
        state: isAway ? 'reconnecting' : 'live',
        ...(source.type === 'stream' && {
          presence: this.streamInput.isPublished ? 'live' : 'slate',
        }),
        ...begun,
        wanted: { ...encoding, videoBitrate: this.#bitrate.limit },
        ...picture,
        liveAt,
        onAirMs: tick * 500 - (framesMissed / encoding.fps) * 1000,
        outputs: [
          {
            ...destination,
            state: isAway ? 'reconnecting' : 'live',
            framesSent: frames - framesDropped - framesMissed,
            framesDropped,
            framesMissed,
            ...fakeDestinationFigures(framesDropped),
            ...(!isAway && { liveSince }),
            bytesSent: Math.round((bitrate / 16) * tick),
            ...(isAway ? { bitrate: 0, fps: 0 } : !isSilent && { bitrate, fps: encoding.fps }),
            reconnects: this.#isRetried ? 1 : 0,
            ...(lostAt !== undefined && {
              lostAt,
              waiting: { attempt: 4, until: lostAt + waitMs },
            }),
            ...(framesMissed > 0 && { lastError: loss }),
            ...(isSilent && { silentMs: (tick - lostAtTick) * 500 }),
            goLiveMs: liveAt - begun.startedAt,
            ...(!isSilent && { rttMs: 24 }),
            ...(destination.id === builtInProfileId && { watchUrl: 'http://127.0.0.1:8080/' }),
          },
          ...(this.#scenario === 'full-disk' ? [fullDisk] : []),
        ],
        statistics: {
          durationMs: tick * 500,
          video: {
            frames,
            bytes: 0,
            keyframes: Math.ceil(frames / 60),
            droppedFrames: 0,
            fps: encoding.fps,
          },
          audio: { frames: hasSound ? 1 + tick * 23 : 0, bytes: 0 },
          bitrate,
          encoderSpeed: 1,
        },
        ...(this.isLoadKnown && { program: fakeProgram(tick) }),
      };
      const now = Date.now();
      this.recordings.tick(encoding.fps);
      judged = isAway
        ? withoutVerdict(judged, next, now)
        : nextHealth(judged, next, encoding.fps, now);
      this.#publish({ ...next, ...(judged.health && { health: judged.health }) });
      if (!this.#past.isOver) await this.#past.pass();
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
          setTimeout(resolve, 500);
        });
    }
  }
}

const notFound = describeError('PROFILE_NOT_FOUND');

const isTestPicture = ({ source }: StartInput): boolean =>
  source.type === 'ffmpeg'
    ? source.video.type === 'test'
    : source.type === 'renderer' &&
      typeof source.name === 'object' &&
      source.name.reason === 'test-picture';
