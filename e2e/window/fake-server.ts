import {
  describeError,
  reason,
  type ServerHost,
  type ServerRefusal,
  type ServerSnapshot,
  type ServerStream,
  type ServerStreamName,
  type StreamInput,
} from '@tallylight/contract';
import type { EngineClient } from '../../renderer/src/state/engine-client.js';

/** How the server of the fake engine is found; chosen by the page's `server` parameter. */
export type FakeServerState = 'off' | 'local' | 'public' | 'password' | 'alone' | 'failed';

const keys = { publishKey: 'kX2rT8pQ-example-aZ4', playKey: 'w7Lm_example-9sD' };
const takenPort = 8080;
const problem = {
  field: 'httpPort',
  error: describeError('PORT_IN_USE', { address: reason('port', { port: takenPort }) }),
} as const;
const loopback: ServerHost = { host: '127.0.0.1', network: 'lo', reach: 'this-machine' };
const hosts: ServerHost[] = [
  { host: '192.168.1.20', network: 'wlan0', reach: 'network' },
  { host: '[2001:db8:2f:1c00:a0b1:c2d3:e4f5:607]', network: 'wlan0', reach: 'network' },
  { host: '172.17.0.1', network: 'docker0', reach: 'virtual' },
  loopback,
];
const streams: ServerStream[] = [
  {
    ...{ app: 'live', name: 'obs', since: 1_700_000_000_000, bitrate: 4_512_000 },
    video: { codec: 'h264', width: 1920, height: 1080 },
    audio: { codec: 'aac', sampleRate: 48_000, channels: 2 },
    viewers: { rtmp: 1, hls: 2 },
  },
  {
    ...{ app: 'live', name: 'phone', since: 1_700_000_000_000 },
    video: { codec: 'hevc', width: 1280, height: 720 },
    viewers: {},
  },
];
const refusals: ServerRefusal[] = [
  {
    ...{ role: 'publisher', remote: '192.168.1.44', at: 1_700_000_000_000, times: 3 },
    why: reason('publish-key-wrong'),
  },
  {
    ...{ role: 'player', remote: '192.168.1.45', at: 1_700_000_000_000, times: 1 },
    why: reason('play-key-missing'),
  },
];

/** A built-in server that listens nowhere. */
export class FakeServer {
  #snapshot: ServerSnapshot;
  readonly #watchers = new Set<() => void>();
  readonly #isBroken: boolean;

  constructor(state: FakeServerState) {
    this.#isBroken = state === 'failed';
    this.#snapshot = this.#with(
      {
        ...{ isOn: state !== 'off', isPublic: ['public', 'password', 'alone'].includes(state) },
        ...{
          wantsPlayKey: true,
          wantsPublishAuth: state === 'password',
          rtmpPort: 1935,
          httpPort: 8080,
          recordTo: '',
        },
      },
      state === 'alone' ? [loopback] : hosts,
    );
  }

  readonly procedures: EngineClient['server'] = {
    update: (change) => {
      const settings = { ...this.#snapshot.settings };
      Object.assign(settings, change);
      this.#snapshot = this.#with(settings, hosts);
      for (const wake of this.#watchers) wake();
      this.#watchers.clear();
      return Promise.resolve();
    },
    revealKeys: () => Promise.resolve(keys),
    renewKey: () => Promise.resolve(),
    viewerLink: ({ host }) => {
      const { isPublic, wantsPlayKey, httpPort } = this.#snapshot.settings;
      const page = `http://${host}:${httpPort}/`;
      return Promise.resolve(
        isPublic && wantsPlayKey
          ? { url: `${page}?token=*.1900000000.dG9rZW4`, until: 1_900_000_000_000 }
          : { url: page },
      );
    },
    watch: () => Promise.resolve(this.#watch()),
  };

  #with(settings: ServerSnapshot['settings'], reachable: readonly ServerHost[]): ServerSnapshot {
    const isFailed = settings.isOn && this.#isBroken && settings.httpPort === takenPort;
    const isOn = settings.isOn && !isFailed;
    return {
      settings,
      state: isFailed ? 'failed' : isOn ? 'on' : 'off',
      ...(isFailed && { problem }),
      hosts: isOn ? (settings.isPublic ? [...reachable] : [loopback]) : [],
      streams: isOn ? [...streams] : [],
      refusals: isOn && settings.isPublic ? [...refusals] : [],
    };
  }

  /** As the input does of one of its streams. */
  async *watchStream(of: ServerStreamName): AsyncGenerator<StreamInput> {
    for await (const { state, streams } of this.#watch()) {
      const isPublished = streams.some(({ app, name }) => app === of.app && name === of.name);
      yield { isPublished, ...(state !== 'on' && { error: describeError('SERVER_OFF') }) };
    }
  }

  async *#watch(): AsyncGenerator<ServerSnapshot> {
    for (;;) {
      yield this.#snapshot;
      await new Promise<void>((resolve) => this.#watchers.add(resolve));
    }
  }
}
