import { appError, reason, type AppError, type ReasonCode } from '@tallylight/contract';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { isIPv6, type AddressInfo, type ListenOptions } from 'node:net';
import {
  LiveHub,
  type LiveStreamInfo,
  type RtmpServer,
  type RtmpServerLimits,
} from 'node-rtmp-client';
import type { Logger } from '../logger.js';
import { PlayAccess, type PlayRefusal } from './access/play-access.js';
import { WebHook } from './access/web-hook.js';
import { HubOrigin } from '../sources/stream/hub-origin.js';
import type { StreamOrigin } from '../sources/stream/stream-origin.js';
import type { PublishLimits } from './publish-limits.js';
import { FlvSockets } from './http/flv-sockets.js';
import { HttpConnections, type HttpLimits } from './http/http-connections.js';
import { createBuiltInHttpServer } from './http/http-server.js';
import { createRtmpListener } from './rtmp-listener.js';
import { Packager, type PackagerOptions } from './segments/packager.js';
import type { BuiltInServerEvent } from './server-events.js';
import type { MetricSupplier } from './statistics/metric-makers.js';
import { ServerStatistics, type StatisticsSnapshot } from './statistics/server-statistics.js';
import { StreamRecorder } from './stream-recorder.js';
import { StreamRelay, type RelayTarget } from './stream-relay.js';
import { viewerFiles } from './http/viewer-files.js';

/** Where a server listens; port 0 asks the system for a free one. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

export interface BuiltInServerAddresses {
  readonly rtmp: ListenAddress;
  readonly http: ListenAddress;
}

export interface BuiltInServerOptions {
  readonly logger: Logger;
  /** Where a bundled application keeps the viewer page; see {@link viewerFiles}. */
  readonly viewerDirectory?: string;
  /** Without it everybody may publish who can connect; with it whoever gives it, as `?key=KEY`. */
  readonly publishKey?: string;
  /**
   * Asks publishers to authenticate, with any name and the publish key as the password. Those who give the key behind
   * the stream's name cannot be told from them when they connect, and are not let in then.
   */
  readonly publishAuth?: boolean;
  /** Without it everybody may watch who can connect; with it whoever gives it, as `?key=KEY`, or a link that it signed. */
  readonly playKey?: string;
  /** URLs that are asked who may publish and play; see {@link WebHook}. */
  readonly onPublish?: string;
  readonly onPlay?: string;
  /** Answers Prometheus on `/metrics`. */
  readonly metrics?: boolean;
  /** What it is told there besides what the server knows itself. */
  readonly moreMetrics?: MetricSupplier | undefined;
  /** Of each publisher. */
  readonly publishLimits?: PublishLimits;
  /** Speaks TLS only, RTMPS and HTTPS, with this certificate and key, PEM. */
  readonly tls?: { readonly cert: Buffer; readonly key: Buffer };
  /** A folder that is there, into which every stream is recorded. */
  readonly recordTo?: string;
  /** Servers that every stream is handed on to. */
  readonly pushTo?: readonly RelayTarget[];
  /** How streams are divided for HLS and DASH. */
  readonly segments?: PackagerOptions;
  /** What differs from the defaults. */
  readonly limits?: { readonly rtmp?: RtmpServerLimits; readonly http?: Partial<HttpLimits> };
}

/**
 * The server inside: takes any stream under any application name over RTMP, and gives it out over RTMP, HTTP-FLV,
 * WebSocket-FLV, HLS and DASH and on a page that plays it.
 */
export class BuiltInServer {
  /** Whoever lost the connection on both sides is let in again before the server has noticed. */
  readonly #hub = new LiveHub({ duplicatePublisher: 'replace-silent' });
  readonly #rtmp: RtmpServer;
  readonly #http: Server;
  readonly #packager: Packager;
  readonly #connections: HttpConnections;
  readonly #statistics: ServerStatistics;
  /** What else takes every stream. */
  readonly #takers: readonly { close(): Promise<void> }[];
  readonly #logger: Logger;
  readonly #listeners = new Set<(event: BuiltInServerEvent) => void>();

  constructor(options: BuiltInServerOptions) {
    this.#logger = options.logger;
    const { logger, tls, recordTo, publishKey, playKey, pushTo = [], limits = {} } = options;
    // They are in no line of ours; an error's text may be anybody's.
    for (const key of [publishKey, playKey]) if (key !== undefined) logger.addSecret(key);
    this.#statistics = new ServerStatistics(this.#hub, () => ({
      ...{ rtmp: this.#rtmp.connectionCount, http: this.#connections.count },
    }));
    const tell = (event: BuiltInServerEvent): void => {
      if (event.type === 'publisher-refused' || event.type === 'player-refused')
        this.#statistics.refuse(roleOf[event.type], event.why.reason);
      for (const listener of this.#listeners) listener(event);
    };
    this.#hub.watch(tell);
    const hook = (call: 'publish' | 'play', url: string | undefined, secretParameters: string[]) =>
      url === undefined ? undefined : new WebHook({ url, call, secretParameters, logger });
    const playSecrets = playKey === undefined ? [] : ['key', 'token'];
    const onPlay = hook('play', options.onPlay, playSecrets);
    const access = new PlayAccess(playKey, onPlay, ({ app, remote, why }) => {
      tell({ type: 'player-refused', app, remote, why: reason(whyRefused[why]) });
    });
    this.#rtmp = createRtmpListener(this.#hub, logger, {
      ...{
        publishKey,
        publishAuth: options.publishAuth === true,
        access,
        statistics: this.#statistics,
        tls,
        tell,
        limits: limits.rtmp,
        publishLimits: options.publishLimits ?? {},
      },
      onPublish: hook('publish', options.onPublish, publishKey === undefined ? [] : ['key']),
    });
    this.#takers = [
      ...(recordTo === undefined ? [] : [new StreamRecorder(this.#hub, recordTo, logger)]),
      ...pushTo.map((target) => new StreamRelay(this.#hub, target, logger, tell)),
    ];
    this.#packager = new Packager(this.#hub, options.logger, options.segments);
    this.#connections = new HttpConnections(limits.http, () => {
      this.#statistics.refuse('connection', 'too-many-connections');
    });
    const sockets = new FlvSockets((error) => {
      options.logger.warn({ error: String(error) }, 'WebSocket-FLV failed');
    }, this.#connections.limits.stallMs);
    this.#http = createBuiltInHttpServer(
      {
        hub: this.#hub,
        access,
        packager: this.#packager,
        sockets,
        connections: this.#connections,
        statistics: this.#statistics,
        hasMetrics: options.metrics === true,
        moreMetrics: options.moreMetrics,
        viewer: viewerFiles(options.viewerDirectory),
      },
      logger,
      tls,
    );
  }

  /** Starts once. @throws AppError `PORT_IN_USE`, or `INVALID_OPTION` when the address is not one of this machine. */
  async start(wanted: BuiltInServerAddresses): Promise<BuiltInServerAddresses> {
    const rtmp = await this.#rtmp.listen(wanted.rtmp).catch((error: unknown) => {
      throw listenError(error, wanted.rtmp);
    });
    try {
      const http = await listenHttp(this.#http, wanted.http);
      this.#logger.info({ rtmp, http }, 'built-in server listens');
      return { rtmp, http };
    } catch (error) {
      await this.#rtmp.close();
      throw listenError(error, wanted.http);
    }
  }

  /** What is live now. */
  streams(): LiveStreamInfo[] {
    return this.#hub.list();
  }

  isPublished(app: string, name: string): boolean {
    return this.#hub.find(app, name) !== undefined;
  }

  /** What is published here under a name, for one reader of this process. */
  origin(app: string, name: string): StreamOrigin {
    return new HubOrigin(this.#hub, app, name);
  }

  /** What has come in, gone out and been refused so far. */
  statistics(): StatisticsSnapshot {
    return this.#statistics.snapshot();
  }

  /** Calls `listener` with whatever happens; returns the way to stop that. */
  watch(listener: (event: BuiltInServerEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Ends every stream and every connection. */
  async close(): Promise<void> {
    this.#hub.closeAll();
    this.#packager.close();
    await Promise.all([this.#rtmp.close(), ...this.#takers.map((taker) => taker.close())]);
    if (!this.#http.listening) return;
    const closed = once(this.#http, 'close');
    this.#http.close();
    this.#connections.closeAll();
    await closed;
  }
}

const roleOf = { 'publisher-refused': 'publisher', 'player-refused': 'player' } as const;

const whyRefused: Readonly<Record<PlayRefusal, ReasonCode>> = {
  playKeyMissing: 'play-key-missing',
  playKeyWrong: 'play-key-wrong',
  linkExpired: 'link-expired',
  linkElsewhere: 'link-elsewhere',
  hookRefused: 'player-not-allowed',
  hookSilent: 'player-not-allowed',
};

async function listenHttp(server: Server, wanted: ListenAddress): Promise<ListenAddress> {
  const options: ListenOptions = { host: wanted.host, port: wanted.port };
  server.listen(options);
  await once(server, 'listening');
  const { address, port } = server.address() as AddressInfo;
  return { host: address, port };
}

const whyNotListening: Readonly<Record<string, ReasonCode>> = {
  EADDRNOTAVAIL: 'address-not-here',
  EACCES: 'port-not-allowed',
  EPERM: 'port-not-allowed',
  ENOTFOUND: 'host-unknown',
  EAI_AGAIN: 'host-unknown',
  EAFNOSUPPORT: 'host-not-local',
  EINVAL: 'host-not-local',
  EMFILE: 'too-many-files',
  ENFILE: 'too-many-files',
};

/** Why nothing can listen there: `PORT_IN_USE`, or `INVALID_OPTION` with what the system says. */
export function listenError(error: unknown, { host, port }: ListenAddress): AppError {
  const address = `${isIPv6(host) ? `[${host}]` : host}:${port}`;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'EADDRINUSE') return appError('PORT_IN_USE', { address }, { cause: error });
  const known = whyNotListening[code];
  const why = known === undefined ? reason('system-refuses', { code }) : reason(known);
  const data = { reason: reason('cannot-listen', { address, why }) };
  return appError('INVALID_OPTION', data, { cause: error });
}
