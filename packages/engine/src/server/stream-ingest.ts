import { randomBytes } from 'node:crypto';
import { LiveHub, type RtmpServer } from 'node-rtmp-client';
import type { Logger } from '../logger.js';
import { HubOrigin } from '../sources/stream/hub-origin.js';
import type { StreamOrigin } from '../sources/stream/stream-origin.js';
import { PlayAccess } from './access/play-access.js';
import { listenError, type ListenAddress } from './built-in-server.js';
import { createRtmpListener } from './rtmp-listener.js';
import type { BuiltInServerEvent } from './server-events.js';
import { ServerStatistics } from './statistics/server-statistics.js';

/** Whoever has been silent for so long is gone. Milliseconds. */
const silenceMs = 15_000;

export interface StreamIngestOptions {
  readonly logger: Logger;
  /** Without it everybody may publish who can connect; with it whoever gives it, as `?key=KEY`. */
  readonly publishKey?: string;
}

/** The built-in server's way in, for a process that sends on what it gets: takes streams over RTMP, and gives none out. */
export class StreamIngest {
  /** A phone that has changed its network publishes anew, while its old connection still stands. */
  readonly #hub = new LiveHub({ duplicatePublisher: 'replace-silent' });
  readonly #rtmp: RtmpServer;
  readonly #listeners = new Set<(event: BuiltInServerEvent) => void>();

  constructor({ logger, publishKey }: StreamIngestOptions) {
    if (publishKey !== undefined) logger.addSecret(publishKey);
    const tell = (event: BuiltInServerEvent): void => {
      for (const listener of this.#listeners) listener(event);
    };
    this.#hub.watch(tell);
    this.#rtmp = createRtmpListener(this.#hub, logger, {
      publishKey,
      publishAuth: false,
      // Nobody has this key.
      access: new PlayAccess(randomBytes(32).toString('hex')),
      statistics: new ServerStatistics(this.#hub, () => ({
        ...{ rtmp: this.#rtmp.connectionCount, http: 0 },
      })),
      tell,
      onPublish: undefined,
      publishLimits: {},
      tls: undefined,
      limits: { silenceMs, idleMs: silenceMs },
    });
  }

  /** Starts once. @throws AppError `PORT_IN_USE`, or `INVALID_OPTION` when the address is not one of this machine. */
  async start(wanted: ListenAddress): Promise<ListenAddress> {
    return this.#rtmp.listen(wanted).catch((error: unknown) => {
      throw listenError(error, wanted);
    });
  }

  /** What is published here under a name. */
  origin(app: string, name: string): StreamOrigin {
    return new HubOrigin(this.#hub, app, name);
  }

  /** Calls `listener` with whatever happens; returns the way to stop that. */
  watch(listener: (event: BuiltInServerEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Ends every stream and every connection. */
  async close(): Promise<void> {
    this.#hub.closeAll();
    await this.#rtmp.close();
  }
}
