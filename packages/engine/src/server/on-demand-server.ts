import { appError } from '@tallylight/contract';
import type { BuiltInProfile } from '../profiles/profile-store.js';
import type { Logger } from '../logger.js';
import { BuiltInServer } from './built-in-server.js';

const loopback = '127.0.0.1';
const app = 'live';
/** No secret: the server listens on this machine only, and whoever watches needs the name. */
const streamName = 'preview';

/** What the built-in profile publishes to: the server inside, on free loopback ports, from the first time it is used. */
export class OnDemandServer implements BuiltInProfile {
  readonly streamKey = streamName;
  readonly #logger: Logger;
  readonly #viewerDirectory: string | undefined;
  #starting: Promise<Started> | undefined;
  #started: Started | undefined;
  #closed = false;

  constructor(logger: Logger, viewerDirectory: string | undefined) {
    this.#logger = logger;
    this.#viewerDirectory = viewerDirectory;
  }

  /** Undefined until it runs: nobody knows its port. */
  get serverUrl(): string | undefined {
    return this.#started?.serverUrl;
  }

  /** The viewer page of what the profile publishes, while the server runs. */
  get watchUrl(): string | undefined {
    return this.#started?.watchUrl;
  }

  /** @throws AppError `NOT_BROADCASTING` once it is closed, or why it cannot listen. */
  async start(): Promise<string> {
    this.#refuseOnceClosed();
    this.#starting ??= this.#listen();
    try {
      this.#started = await this.#starting;
    } catch (error) {
      this.#starting = undefined;
      throw error;
    }
    this.#refuseOnceClosed();
    return this.#started.serverUrl;
  }

  async close(): Promise<void> {
    this.#closed = true;
    // A server that could not start has nothing to close, and whoever started it was told.
    const started = await this.#starting?.catch(() => undefined);
    await started?.server.close();
  }

  #refuseOnceClosed(): void {
    if (this.#closed) throw appError('NOT_BROADCASTING');
  }

  async #listen(): Promise<Started> {
    const viewerDirectory = this.#viewerDirectory;
    const server = new BuiltInServer({
      logger: this.#logger,
      ...(viewerDirectory !== undefined && { viewerDirectory }),
    });
    const any = { host: loopback, port: 0 };
    const { rtmp, http } = await server.start({ rtmp: any, http: any });
    return {
      server,
      serverUrl: `rtmp://${loopback}:${rtmp.port}/${app}`,
      watchUrl: `http://${loopback}:${http.port}/#${app}/${streamName}`,
    };
  }
}

interface Started {
  readonly server: BuiltInServer;
  readonly serverUrl: string;
  readonly watchUrl: string;
}
