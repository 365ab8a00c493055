import type { TracedMessage } from 'node-rtmp-client';
import type { Logger } from './logger.js';
import type { ProfileStore } from './profiles/profile-store.js';
import type { ServerControl } from './server/server-control.js';
import type { Output } from './outputs/output.js';
import { Recorder } from './outputs/recording/recorder.js';
import type { RecordingSplit } from './outputs/recording/recording-timeline.js';
import { ReplayBuffer } from './outputs/replay/replay-buffer.js';
import { RtmpDestination, type DestinationTarget } from './outputs/rtmp/rtmp-destination.js';
import { readServerUrl } from './rtmp-address.js';
import { readPlayUrl, type MonitorPlace } from './monitor/monitor-place.js';

/** What an output is made from. */
export type OutputSpec =
  /** A saved destination, by its name or id. */
  | { readonly type: 'profile'; readonly profile: string }
  | { readonly type: 'rtmp'; readonly target: DestinationTarget }
  /** A file, MP4 or FLV by its name, which must not exist; or several of them, one behind the other. */
  | { readonly type: 'recording'; readonly path: string; readonly split?: RecordingSplit }
  /** The newest seconds, to be saved when somebody asks for it. */
  | { readonly type: 'replay'; readonly seconds: number };

/** A broadcast has one at most. */
const replayId = 'replay';

/** Is told of every RTMP message of a destination, by its name, with secrets taken out. */
export type RtmpTrace = (message: TracedMessage, destination: string) => void;

export interface OutputFactoryOptions {
  readonly logger: Logger;
  readonly profiles: () => Pick<ProfileStore, 'target'>;
  readonly server: Pick<
    ServerControl,
    'start' | 'streamKey' | 'credentials' | 'playName' | 'watchUrl'
  >;
}

/** What somebody has chosen of how destinations bear a loss. */
export interface LossHandling {
  /** For how long it is tried to reconnect, in milliseconds; for ever where absent. */
  readonly reconnectLimitMs?: number;
  /** Milliseconds of picture that are held for a server that comes back; four seconds where absent, 0: none. */
  readonly heldMs?: number;
}

/** The one place that knows which kinds of output there are. */
export class OutputFactory {
  readonly #o: OutputFactoryOptions;

  constructor(options: OutputFactoryOptions) {
    this.#o = options;
  }

  /** @throws AppError why it cannot be used, such as `PROFILE_NOT_FOUND`. */
  async open(spec: OutputSpec, loss: LossHandling = {}, trace?: RtmpTrace): Promise<Output> {
    switch (spec.type) {
      case 'profile': {
        const target = await this.target(spec.profile);
        return this.#rtmp(target, loss, trace, () => this.target(target.id));
      }
      case 'rtmp':
        return this.#rtmp(spec.target, loss, trace);
      case 'recording':
        return new Recorder({ ...spec, id: `recording:${spec.path}` });
      case 'replay':
        return new ReplayBuffer({
          ...{ id: replayId, seconds: spec.seconds },
          openRecording: (path) => new Recorder({ id: path, path }),
        });
    }
  }

  /**
   * Where a profile publishes to. For the built-in server's own profile the server is started.
   *
   * @throws AppError as {@link ProfileStore.target} does, or why the server cannot listen.
   */
  async target(nameOrId: string): Promise<DestinationTarget> {
    const { profile, streamKey, credentials } = await this.#o.profiles().target(nameOrId);
    const { id, name, service } = profile;
    if (profile.kind !== 'built-in') {
      const address = readServerUrl(profile.serverUrl);
      return {
        ...{ id, name, streamKey, address: { ...address, ...(credentials && { credentials }) } },
        ...(service !== undefined && { service }),
      };
    }
    const { server } = this.#o;
    const url = await server.start();
    // Only now it is known whether it wants a key.
    const { watchUrl, credentials: login } = server;
    const address = { ...readServerUrl(url), ...(login && { credentials: login }) };
    return {
      id,
      name,
      address,
      streamKey: server.streamKey,
      ...(watchUrl !== undefined && { watchUrl }),
    };
  }

  /**
   * Where viewers get what is published to a profile: at its address for watching, else where it is published.
   *
   * @throws AppError as {@link target} does, and `PLAY_URL_INVALID`.
   */
  async monitorPlace(nameOrId: string): Promise<MonitorPlace> {
    const { profile } = await this.#o.profiles().target(nameOrId);
    if (profile.playUrl !== undefined) return readPlayUrl(profile.playUrl);
    const { address, streamKey } = await this.target(nameOrId);
    const isOurs = profile.kind === 'built-in';
    return { way: 'rtmp', address, streamKey: isOurs ? this.#o.server.playName : streamKey };
  }

  #rtmp(
    target: DestinationTarget,
    { heldMs, reconnectLimitMs }: LossHandling,
    trace: RtmpTrace | undefined,
    renewTarget?: () => Promise<DestinationTarget>,
  ): Output {
    return new RtmpDestination({
      target,
      renewTarget,
      logger: this.#o.logger,
      ...(heldMs !== undefined && { queueLimits: { heldMs } }),
      ...(reconnectLimitMs !== undefined && { reconnectLimitMs }),
      ...(trace && { onMessage: (message) => trace(message, target.name) }),
    });
  }
}
