import {
  appError,
  type ServerHost,
  type ServerKey,
  type ServerKeys,
  type ServerProblem,
  type ServerSettings,
  type ServerSnapshot,
  type ServerStreamName,
  type ViewerLink,
} from '@tallylight/contract';
import type { Credentials, RtmpAddress } from 'node-rtmp-client';
import { isLoopbackHost } from 'node-rtmp-client/address';
import { networkInterfaces } from 'node:os';
import { whyNotInto } from '../file-failure.js';
import type { Logger } from '../logger.js';
import type { BuiltInProfile } from '../profiles/profile-store.js';
import { signToken } from './access/signed-token.js';
import { BuiltInServer } from './built-in-server.js';
import { anyHost, loopbackHost, reachableHosts } from './reachable-hosts.js';
import type { MetricSupplier } from './statistics/metric-makers.js';
import { ServerStream, type SwitchedServer } from './server-stream.js';
import { ServerMonitor } from './server-monitor.js';
import { serverProblem } from './server-problem.js';
import type { ServerSettingsChange, ServerSettingsStore } from './server-settings-store.js';

const loopback = loopbackHost.host;
const app = 'live';
/** Of what the built-in profile publishes. No secret: whoever watches needs it. */
const streamName = 'preview';
const linkMs = 24 * 60 * 60 * 1000;
const sampleMs = 1000;

export interface ServerControlOptions {
  readonly logger: Logger;
  readonly viewerDirectory: string | undefined;
  readonly settings: () => ServerSettingsStore;
  /** Whether a broadcast of this process goes into the server, or comes from it. */
  readonly isUsed: () => boolean;
  /** What its servers tell Prometheus besides what they know themselves; absent: they do not answer it. */
  readonly metrics?: MetricSupplier | undefined;
  readonly networks?: typeof networkInterfaces;
}

/** A server that listens, and how it was asked for. */
interface Running {
  readonly server: BuiltInServer;
  readonly monitor: ServerMonitor;
  readonly rtmpPort: number;
  readonly httpPort: number;
  /** Those that it asks for. */
  readonly keys: ServerKeys;
  /** What it was switched on with; absent where the built-in profile alone has started it. */
  readonly setup?: Setup;
}

interface Setup {
  readonly settings: ServerSettings;
  readonly keys: ServerKeys;
}

/**
 * The one built-in server of a process. It is switched on in the window, as that was set up; and where it is not, the
 * built-in profile starts it when it is first used, for this machine alone and on free ports.
 */
export class ServerControl implements BuiltInProfile, SwitchedServer {
  readonly #options: ServerControlOptions;
  readonly #networks: typeof networkInterfaces;
  readonly #listeners = new Set<() => void>();
  #running: Running | undefined;
  #state: ServerSnapshot['state'] = 'off';
  #problem: ServerProblem | undefined;
  /** Settles, without an error, when what was asked for so far is done. */
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;
  /** Told as the listeners are, but of nothing that only time has changed. */
  readonly #switchListeners = new Set<() => void>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ServerControlOptions) {
    this.#options = options;
    this.#networks = options.networks ?? networkInterfaces;
  }

  /** Undefined until it runs: nobody knows its port. */
  get serverUrl(): string | undefined {
    return this.#running && `rtmp://${loopback}:${this.#running.rtmpPort}/${app}`;
  }

  get streamKey(): string {
    const key = this.credentials ? undefined : this.#running?.keys.publishKey;
    return key === undefined ? streamName : `${streamName}?key=${key}`;
  }

  /** Where the server asks for them: it does so before it knows what stands behind the stream's name. */
  get credentials(): Credentials | undefined {
    const { setup, keys } = this.#running ?? {};
    if (!setup?.settings.wantsPublishAuth || keys?.publishKey === undefined) return undefined;
    return { user: streamName, password: keys.publishKey };
  }

  /** The name by which what the profile publishes is played, with the key for that where one is wanted. */
  get playName(): string {
    const key = this.#running?.keys.playKey;
    return key === undefined ? streamName : `${streamName}?key=${key}`;
  }

  /** The viewer page of what the profile publishes, while the server runs. */
  get watchUrl(): string | undefined {
    return this.#running && `${pageLink(this.#running, loopback).url}#${app}/${streamName}`;
  }

  /** Where Prometheus reads, while the server runs and answers it. */
  get metricsUrl(): string | undefined {
    if (!this.#running || !this.#options.metrics) return undefined;
    return `http://${loopback}:${this.#running.httpPort}/metrics`;
  }

  /**
   * Starts it for the built-in profile, or for Prometheus, where it does not run.
   *
   * @param httpPort for what it gives out over HTTP; 0: a free one.
   * @throws AppError `NOT_BROADCASTING` once it is closed, or why it cannot listen.
   */
  start(httpPort = 0): Promise<string> {
    return this.#inTurn(async () => {
      this.#running ??= await this.#listen(loopback, { rtmpPort: 0, httpPort });
      return this.serverUrl ?? '';
    });
  }

  /** Switches it on again where it was left on, as far as that works. */
  resume(): Promise<void> {
    return this.#inTurn(() => this.#apply());
  }

  /**
   * As `server.update` of the contract.
   *
   * @throws AppError `SERVER_IN_USE`, `SERVER_FOLDER_UNUSABLE`, or why nothing can be saved.
   */
  update(change: ServerSettingsChange): Promise<void> {
    return this.#inTurn(async () => {
      this.#refuseWhileUsed();
      await assertFolder(change.recordTo ?? '');
      await this.#options.settings().update(change);
      await this.#apply();
    });
  }

  keys(): Promise<ServerKeys> {
    return this.#options.settings().keys();
  }

  /** @throws AppError `SERVER_IN_USE`, or why nothing can be saved. */
  renewKey(key: ServerKey): Promise<void> {
    return this.#inTurn(async () => {
      this.#refuseWhileUsed();
      await this.#options.settings().renew(key);
      await this.#apply();
    });
  }

  /** @throws AppError `SERVER_OFF` */
  viewerLink(host: string): ViewerLink {
    if (!this.#running) throw appError('SERVER_OFF');
    return pageLink(this.#running, host);
  }

  /** A stream on it, as it is switched on, for a window that sends it on. */
  stream(of: ServerStreamName): ServerStream {
    return new ServerStream(this, of);
  }

  snapshot(): ServerSnapshot {
    const settings = this.#options.settings().get();
    const { monitor, setup } = this.#running ?? {};
    const isOn = monitor !== undefined && setup !== undefined;
    return {
      settings,
      state: this.#state,
      ...(this.#problem && { problem: this.#problem }),
      hosts: isOn ? this.#hosts(setup.settings) : [],
      streams: isOn ? monitor.streams() : [],
      refusals: isOn ? [...monitor.refusals()] : [],
    };
  }

  /** Calls `listener` whenever the snapshot may be another, and every second while it runs. Returns how to stop. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    this.#timer ??= setInterval(() => this.#sample(), sampleMs);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  }

  get running(): BuiltInServer | undefined {
    return this.#running?.setup && this.#running.server;
  }

  onSwitch(listener: () => void): () => void {
    this.#switchListeners.add(listener);
    return () => this.#switchListeners.delete(listener);
  }

  isAt({ host, port }: RtmpAddress): boolean {
    const ours = reachableHosts(this.#networks()).map((each) => each.host.replace(/[[\]]/g, ''));
    const isHere = isLoopbackHost(host) || ours.includes(host.toLowerCase());
    return isHere && port === this.#running?.rtmpPort;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#last;
    await this.#end();
  }

  /** One after the other: two that start it at once would find each other's ports taken. */
  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const done = this.#last.then(async () => {
      this.#refuseOnceClosed();
      const result = await task();
      this.#refuseOnceClosed();
      return result;
    });
    this.#last = done.catch(() => undefined);
    return done;
  }

  #refuseOnceClosed(): void {
    if (this.#closed) throw appError('NOT_BROADCASTING');
  }

  #refuseWhileUsed(): void {
    if (this.#options.isUsed()) throw appError('SERVER_IN_USE');
  }

  /** Makes it run, or not, as it is set up by now. Why it cannot run is in the snapshot. */
  async #apply(): Promise<void> {
    const settings = this.#options.settings().get();
    if (!settings.isOn) {
      if (this.#running?.setup) await this.#end();
      this.#become('off');
      return;
    }
    try {
      const keys = await this.#keysFor(settings);
      if (this.#state === 'on' && isSame(this.#running?.setup, { settings, keys })) return;
      await this.#end();
      this.#become('starting');
      await assertFolder(settings.recordTo);
      const host = settings.isPublic ? anyHost(this.#networks()) : loopback;
      this.#running = await this.#listen(host, settings, { settings, keys });
      this.#become('on');
    } catch (error) {
      await this.#end();
      this.#options.logger.warn({ err: error }, 'the built-in server cannot run');
      this.#become('failed', serverProblem(error, settings));
    }
  }

  /** @throws AppError `SERVER_KEY_UNREADABLE`, also where one that is needed is not there: it is never open without. */
  async #keysFor({ isPublic, wantsPlayKey }: ServerSettings): Promise<ServerKeys> {
    if (!isPublic) return {};
    const { publishKey, playKey } = await this.keys();
    return {
      publishKey: present('publishKey', publishKey),
      ...(wantsPlayKey && { playKey: present('playKey', playKey) }),
    };
  }

  async #listen(
    host: string,
    { rtmpPort, httpPort }: Pick<ServerSettings, 'rtmpPort' | 'httpPort'>,
    setup?: Setup,
  ): Promise<Running> {
    const { logger, viewerDirectory, metrics } = this.#options;
    const keys = setup?.keys ?? {};
    const recordTo = setup?.settings.recordTo;
    const server = new BuiltInServer({
      logger,
      ...(viewerDirectory !== undefined && { viewerDirectory }),
      ...(recordTo && { recordTo }),
      ...(metrics && { metrics: true, moreMetrics: metrics }),
      publishAuth: setup?.settings.wantsPublishAuth === true,
      ...keys,
    });
    try {
      const { rtmp, http } = await server.start({
        rtmp: { host, port: rtmpPort },
        http: { host, port: httpPort },
      });
      const monitor = new ServerMonitor(server, () => this.#switch());
      const ports = { rtmpPort: rtmp.port, httpPort: http.port };
      return { server, monitor, ...ports, keys, ...(setup && { setup }) };
    } catch (error) {
      await server.close();
      throw error;
    }
  }

  async #end(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    running?.monitor.close();
    this.#switch();
    await running?.server.close();
  }

  #hosts({ isPublic }: ServerSettings): ServerHost[] {
    return [...(isPublic ? reachableHosts(this.#networks()) : []), loopbackHost];
  }

  #sample(): void {
    if (!this.#running?.setup) return;
    this.#running.monitor.sample(performance.now());
    this.#tell();
  }

  #become(state: ServerSnapshot['state'], problem?: ServerProblem): void {
    this.#state = state;
    this.#problem = problem;
    this.#switch();
  }

  #switch(): void {
    this.#tell();
    for (const listener of this.#switchListeners) listener();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** The page on which everything can be watched, for a day where a key is wanted. */
function pageLink({ httpPort, keys: { playKey } }: Running, host: string): ViewerLink {
  const page = `http://${host}:${httpPort}/`;
  if (playKey === undefined) return { url: page };
  const until = Math.floor((Date.now() + linkMs) / 1000) * 1000;
  return { url: `${page}?token=${signToken(playKey, { stream: undefined, until })}`, until };
}

function present(name: ServerKey, key: string | undefined): string {
  if (key === undefined) throw appError('SERVER_KEY_MISSING', { key: name });
  return key;
}

/** Whether nothing that a running server knows of is another. */
const isSame = (one: Setup | undefined, other: Setup): boolean =>
  one !== undefined && JSON.stringify(inEffect(one)) === JSON.stringify(inEffect(other));

const inEffect = ({ settings, keys }: Setup) => ({
  ...{ isPublic: settings.isPublic, rtmpPort: settings.rtmpPort, httpPort: settings.httpPort },
  ...{ recordTo: settings.recordTo, publishKey: keys.publishKey, playKey: keys.playKey },
  ...(settings.isPublic && { wantsPublishAuth: settings.wantsPublishAuth }),
});

async function assertFolder(folder: string): Promise<void> {
  if (folder === '') return;
  const why = await whyNotInto(folder);
  if (why !== undefined) throw appError('SERVER_FOLDER_UNUSABLE', { folder, reason: why });
}
