import type { ServerRefusal, ServerStream } from '@tallylight/contract';
import type { BuiltInServer } from './built-in-server.js';
import type { BuiltInServerEvent } from './server-events.js';
import type { StreamStatistics } from './statistics/server-statistics.js';
import { protocols } from './statistics/traffic.js';

/** Of the newest; who tries a key again and again is one. */
const mostRefusals = 5;

/** What of a server is watched. */
export type MonitoredServer = Pick<BuiltInServer, 'statistics' | 'watch'>;

interface Sample {
  readonly since: number;
  readonly bytesIn: number;
}

/** Follows a server for people: the rate of each stream, and who was not let in lately. */
export class ServerMonitor {
  readonly #server: MonitoredServer;
  readonly #unwatch: () => void;
  readonly #bitrates = new Map<string, number>();
  #samples: ReadonlyMap<string, Sample> = new Map();
  #sampledAt = 0;
  #refusals: readonly ServerRefusal[] = [];

  /** @param onStreams told when a stream has begun or ended. */
  constructor(server: MonitoredServer, onStreams: () => void) {
    this.#server = server;
    this.#unwatch = server.watch((event) => {
      if (event.type === 'published' || event.type === 'ended') onStreams();
      else this.#note(event);
    });
  }

  /** Measures the rates since the last time. @param now milliseconds of a clock that only goes forward. */
  sample(now: number): void {
    const { streams } = this.#server.statistics();
    const seconds = (now - this.#sampledAt) / 1000;
    const before = this.#samples;
    this.#bitrates.clear();
    for (const { app, name, since, bytesIn } of streams) {
      const last = before.get(keyOf(app, name));
      // Of the same publication: another counts from nothing.
      if (last?.since !== since || seconds <= 0) continue;
      this.#bitrates.set(keyOf(app, name), ((bytesIn - last.bytesIn) * 8) / seconds);
    }
    this.#samples = new Map(
      streams.map(({ app, name, since, bytesIn }) => [keyOf(app, name), { since, bytesIn }]),
    );
    this.#sampledAt = now;
  }

  streams(): ServerStream[] {
    return this.#server.statistics().streams.map((stream) => {
      const bitrate = this.#bitrates.get(keyOf(stream.app, stream.name));
      return { ...described(stream), ...(bitrate !== undefined && { bitrate }) };
    });
  }

  /** The newest first. */
  refusals(): readonly ServerRefusal[] {
    return this.#refusals;
  }

  close(): void {
    this.#unwatch();
  }

  #note(event: BuiltInServerEvent): void {
    if (event.type !== 'publisher-refused' && event.type !== 'player-refused') return;
    const { why } = event;
    const role = event.type === 'publisher-refused' ? 'publisher' : 'player';
    const remote = addressOf(event.remote);
    const isSame = (other: ServerRefusal): boolean =>
      other.role === role &&
      other.remote === remote &&
      typeof other.why === 'object' &&
      other.why.reason === why.reason;
    const times = (this.#refusals.find(isSame)?.times ?? 0) + 1;
    const others = this.#refusals.filter((other) => !isSame(other));
    const refusal: ServerRefusal = { role, remote, why, at: Date.now(), times };
    this.#refusals = [refusal, ...others].slice(0, mostRefusals);
  }
}

const described = ({ app, name, since, video, audio, protocols: ways }: StreamStatistics) => ({
  ...{ app, name, since },
  ...(video && { video }),
  ...(audio && { audio }),
  viewers: Object.fromEntries(
    protocols.flatMap((protocol) => {
      const { players } = ways[protocol];
      return players === 0 ? [] : [[protocol, players] as const];
    }),
  ),
});

/** The address alone; one of IPv4 as itself where IPv6 has wrapped it. */
const addressOf = (remote: string): string =>
  remote.replace(/ port \d+$/, '').replace(/^::ffff:(?=[\d.]+$)/i, '');

const keyOf = (app: string, name: string): string => JSON.stringify([app, name]);
