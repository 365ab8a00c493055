import {
  RtmpError,
  type EncodedPacket,
  type RtmpErrorCode,
  type RtmpPhase,
} from 'node-rtmp-client';
import { unlessAborted, wait, withResolvers } from 'node-rtmp-client/async';
import type { PublishRtmp } from '../../src/outputs/rtmp/destination-session.js';
import { ReceivedStream } from './received-stream.js';

type PublishOptions = Parameters<PublishRtmp>[0];
type Publisher = Awaited<ReturnType<PublishRtmp>>;

/** How a server answers whoever wants to publish. */
export type ServerMode =
  /** It takes the stream. */
  | 'up'
  | 'refuses-connection'
  /** Nothing comes back. */
  | 'black-hole'
  /** It closes before it has said anything. */
  | 'closes-handshake'
  /** BadName: somebody else publishes there. */
  | 'busy'
  | 'denies-key'
  | 'denies-app'
  | 'bad-certificate'
  /** It takes the stream, and closes soon after. */
  | 'closes-soon';

/** As the library's. Milliseconds. */
const openMs = 12_000;

/** One server as a destination meets it, at the face of the library: no sockets, but everything that they do. */
export class ModelServer {
  readonly key: string;
  readonly connections: ModelConnection[] = [];
  mode: ServerMode = 'up';
  /** For how long it keeps what `closes-soon` closes. Milliseconds. */
  keepsMs = 1_000;
  /** Until when it takes a connection that is gone for one that is there. Milliseconds of the clock. */
  holdsOldUntil = 0;
  latencyMs = 20;
  answersPings = true;
  acknowledges = true;
  /** Connections that are being made. */
  opening = 0;
  readonly #isReference: (index: number) => boolean;
  readonly #problem: (what: string) => void;

  constructor(
    key: string,
    isReference: (index: number) => boolean,
    problem: (what: string) => void,
  ) {
    this.key = key;
    this.#isReference = isReference;
    this.#problem = problem;
  }

  get newest(): ModelConnection | undefined {
    return this.connections.at(-1);
  }

  get open(): readonly ModelConnection[] {
    return this.connections.filter(({ isOver }) => !isOver);
  }

  readonly publish: PublishRtmp = async (options) => {
    if (this.open.length > 0 || this.opening > 0) this.#problem(`${this.key}: connected twice`);
    this.opening += 1;
    try {
      const abortion = (): RtmpError => new RtmpError('aborted', 'tcp', 'aborted');
      const { signal } = options;
      // What nobody waits for any more ends by itself.
      return await unlessAborted(this.#open(options), signal, abortion);
    } finally {
      this.opening -= 1;
    }
  };

  async #open(options: PublishOptions): Promise<Publisher> {
    const { onPhase, onEvent, signal, deadlines } = options;
    const phase = (name: RtmpPhase): void => {
      onPhase?.({ phase: name, state: 'started' });
      onPhase?.({ phase: name, state: 'done', elapsedMs: 1 });
    };
    phase('dns');
    if (this.mode === 'black-hole') {
      await wait(openMs, signal);
      throw new RtmpError('timeout', 'tcp', 'no answer');
    }
    if (!(await wait(this.latencyMs, signal))) throw new RtmpError('aborted', 'tcp', 'aborted');
    const refusal = this.#refusal();
    if (refusal) throw refusal;
    for (const each of ['tcp', 'handshake', 'connect', 'publish'] as const) phase(each);
    const number = this.connections.length;
    const connection = new ModelConnection({
      server: this,
      stallMs: deadlines?.streaming ?? 15_000,
      tell: onEvent ?? (() => undefined),
      received: new ReceivedStream(`${this.key}#${number}`, this.#isReference, this.#problem),
      problem: this.#problem,
    });
    this.connections.push(connection);
    if (this.mode === 'closes-soon') setTimeout(() => connection.lose('closed'), this.keepsMs);
    return connection;
  }

  #refusal(): RtmpError | undefined {
    const no = (
      code: RtmpErrorCode,
      phase: RtmpPhase,
      data: Record<string, string> = {},
    ): RtmpError => new RtmpError(code, phase, 'no', data);
    if (performance.now() < this.holdsOldUntil && this.mode === 'up') {
      return no('stream-busy', 'publish', { serverCode: 'NetStream.Publish.BadName' });
    }
    switch (this.mode) {
      case 'refuses-connection':
        return no('refused', 'tcp');
      case 'closes-handshake':
        return no('closed', 'handshake');
      case 'busy':
        return no('stream-busy', 'publish', { serverCode: 'NetStream.Publish.BadName' });
      case 'denies-key':
        return no('publish-rejected', 'publish', { serverCode: 'NetStream.Publish.Denied' });
      case 'denies-app':
        return no('connect-rejected', 'connect', { serverCode: 'NetConnection.Connect.Rejected' });
      case 'bad-certificate':
        return no('tls-certificate', 'tls');
      case 'up':
      case 'black-hole':
      case 'closes-soon':
        return undefined;
    }
  }
}

interface ConnectionOptions {
  readonly server: ModelServer;
  /** A write that nobody takes for this long ends the connection. Milliseconds. */
  readonly stallMs: number;
  readonly tell: NonNullable<PublishOptions['onEvent']>;
  readonly received: ReceivedStream;
  readonly problem: (what: string) => void;
}

/** One connection to it. */
export class ModelConnection {
  readonly #o: ConnectionOptions;
  readonly closed: Publisher['closed'];
  readonly stats = {
    ...{ bytesSent: 0, bytesAcknowledged: 0, bytesQueued: 0 },
    framesDropped: { video: 0, audio: 0 },
  };
  /** False: what is written waits. */
  reads = true;
  /** How it ended, where it has. */
  #error: RtmpError | undefined;
  #isOver = false;
  #isHeld = false;
  /** Nothing but the next keyframe is waited for. */
  #mayResume = false;
  readonly #droppedConfigs = new Map<EncodedPacket['track'], EncodedPacket>();
  #hasMetadata = false;
  readonly #settle: (error: RtmpError | undefined) => void;
  readonly #moved = new Set<() => void>();

  constructor(options: ConnectionOptions) {
    this.#o = options;
    const { promise, resolve } = withResolvers<RtmpError | undefined>();
    this.closed = promise;
    this.#settle = resolve;
  }

  get received(): ReceivedStream {
    return this.#o.received;
  }

  get isMoving(): boolean {
    return this.#isHeld;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** The network, or the server, ends it. */
  lose(code: RtmpErrorCode): void {
    this.#end(new RtmpError(code, 'streaming', 'lost'));
  }

  readsAgain(): void {
    this.reads = true;
    this.#wake();
  }

  /** The server has asked to go on elsewhere, and takes nothing for `ms` milliseconds. */
  async move(ms: number): Promise<void> {
    const { tell } = this.#o;
    if (this.#isOver || this.#isHeld) return;
    tell({ type: 'held', error: undefined });
    this.#isHeld = true;
    this.#mayResume = false;
    await wait(ms);
    if (this.#hasEnded()) return;
    this.#mayResume = true;
    tell({ type: 'resumed' });
    tell({ type: 'moved', shownUrl: 'rtmp://elsewhere.example/app' });
  }

  readonly write: Publisher['write'] = async (packet) => {
    if (this.#isHeld && !this.#resumesAt(packet)) {
      if (this.#isOver) throw this.#ended();
      if (packet.type === 'config') this.#droppedConfigs.set(packet.track, packet);
      return 'dropped';
    }
    await this.#taken();
    if (!this.#hasMetadata) this.#o.problem(`${this.#o.server.key}: media before onMetaData`);
    this.#o.received.take(packet);
    this.stats.bytesSent += packet.payload.byteLength;
    if (this.#o.server.acknowledges) this.stats.bytesAcknowledged = this.stats.bytesSent;
    return 'sent';
  };

  readonly writeMetadata: Publisher['writeMetadata'] = async () => {
    await this.#taken();
    this.#hasMetadata = true;
    return 'sent';
  };

  readonly ping: Publisher['ping'] = async (signal, limitMs = 5_000) => {
    const begun = performance.now();
    if (this.#isOver) throw this.#ended();
    const { server } = this.#o;
    while (performance.now() - begun < limitMs) {
      if (this.#hasEnded()) throw this.#ended();
      if (signal?.aborted) break;
      if (server.answersPings && this.reads) {
        if (await wait(server.latencyMs, signal)) return performance.now() - begun;
        break;
      }
      await this.#changed(limitMs - (performance.now() - begun), signal);
    }
    throw new RtmpError(signal?.aborted ? 'aborted' : 'timeout', 'streaming', 'no answer');
  };

  readonly close: Publisher['close'] = async (options) => {
    if (!this.reads && !this.#isOver) await this.#changed(options?.deadlineMs ?? 3_000, undefined);
    this.#end(undefined);
  };

  readonly abort: Publisher['abort'] = () => this.#end(new RtmpError('aborted', 'close', 'ours'));

  /** What is said again first after a move is the library's business, which goes on at a keyframe. */
  #resumesAt(packet: EncodedPacket): boolean {
    const isKeyframe = packet.type === 'frame' && packet.track === 'video' && packet.keyframe;
    if (!this.#mayResume || !isKeyframe) return false;
    this.#isHeld = false;
    for (const config of this.#droppedConfigs.values()) {
      this.#o.received.take({ ...config, pts: packet.dts, dts: packet.dts });
    }
    this.#droppedConfigs.clear();
    return true;
  }

  async #taken(): Promise<void> {
    const begun = performance.now();
    for (;;) {
      if (this.#isOver) throw this.#ended();
      if (this.reads) return;
      const leftMs = this.#o.stallMs - (performance.now() - begun);
      if (leftMs <= 0) this.lose('timeout');
      else await this.#changed(leftMs, undefined);
    }
  }

  /** Resolves when something of it has changed, `signal` is aborted, or after `ms`. */
  async #changed(ms: number, signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve } = withResolvers();
    const wake = (): void => resolve();
    const timer = setTimeout(wake, ms);
    this.#moved.add(wake);
    signal?.addEventListener('abort', wake, { once: true });
    await promise;
    signal?.removeEventListener('abort', wake);
    this.#moved.delete(wake);
    clearTimeout(timer);
  }

  /** Whoever waits looks again. */
  wake(): void {
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#moved) wake();
  }

  #hasEnded(): boolean {
    return this.#isOver;
  }

  #ended(): RtmpError {
    return this.#error ?? new RtmpError('closed', 'streaming', 'over');
  }

  #end(error: RtmpError | undefined): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#error = error;
    this.#settle(error);
    this.#wake();
  }
}
