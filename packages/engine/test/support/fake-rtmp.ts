import {
  RtmpError,
  type EncodedPacket,
  type RtmpClientEvent,
  type RtmpErrorCode,
  type RtmpPhase,
} from 'node-rtmp-client';
import { setTimeout as delay } from 'node:timers/promises';
import type { PublishRtmp } from '../../src/outputs/rtmp/destination-session.js';

type PublishOptions = Parameters<PublishRtmp>[0];

/** One connection to a fake server, as the test sees it. */
export class FakeConnection {
  readonly received: EncodedPacket[] = [];
  readonly metadata: Record<string, unknown>[] = [];
  closedInOrder = false;
  /** True: the library is held, and throws away what is written. */
  drops = false;
  /** True: the library rests on its way to another server. */
  isMoving = false;
  /** Tells the destination what the library does by itself. */
  readonly tell: (event: RtmpClientEvent) => void;
  stats = {
    ...{ bytesSent: 0, bytesAcknowledged: 0, bytesQueued: 0 },
    framesDropped: { video: 0, audio: 0 },
  };
  /** False: writes wait for ever, as they do to a server that has stopped reading. */
  reads = true;
  /** Milliseconds of a ping's round trip; `undefined`: never answered. */
  ping: number | undefined = 1;
  /** Milliseconds for which the answer is really waited. */
  pingWaitMs = 0;
  onPing: () => void = () => undefined;
  readonly closed: Promise<RtmpError | undefined>;
  #settle: (error: RtmpError | undefined) => void = () => undefined;
  #error: RtmpError | undefined;
  #rejectWaiting: ((error: RtmpError) => void)[] = [];

  constructor(tell: FakeConnection['tell'] = () => undefined) {
    this.tell = tell;
    this.closed = new Promise((resolve) => (this.#settle = resolve));
  }

  /** The labels of the frames: K or p with their time in milliseconds. */
  get pictures(): string[] {
    return this.received
      .filter((packet) => packet.type === 'frame' && packet.track === 'video')
      .map((packet) => `${packet.keyframe ? 'K' : 'p'}${packet.dts / 1000}`);
  }

  drop(code: RtmpErrorCode = 'reset'): void {
    this.#end(new RtmpError(code, 'streaming', 'it closed the connection'));
  }

  publisher(): Awaited<ReturnType<PublishRtmp>> {
    const moving = (): boolean => this.isMoving;
    return {
      get isMoving() {
        return moving();
      },
      stats: this.stats,
      closed: this.closed,
      write: async (packet) => {
        if (this.drops) return 'dropped';
        return this.#write(() => this.#receive(packet));
      },
      writeMetadata: (metadata) => this.#write(() => this.metadata.push(metadata)),
      ping: (signal) => {
        this.onPing();
        const { ping } = this;
        if (ping !== undefined && this.pingWaitMs === 0) return Promise.resolve(ping);
        if (ping !== undefined) return delay(this.pingWaitMs).then(() => ping);
        return new Promise((_, reject) => {
          const abort = (): void => reject(new RtmpError('aborted', 'streaming', 'no answer'));
          signal?.addEventListener('abort', abort, { once: true });
        });
      },
      close: () => {
        this.closedInOrder = true;
        this.#end(undefined);
        return Promise.resolve();
      },
      abort: () => this.#end(new RtmpError('aborted', 'streaming', 'aborted')),
    };
  }

  #receive(packet: EncodedPacket): void {
    this.received.push(packet);
    this.stats.bytesSent += packet.payload.byteLength;
  }

  #write(act: () => void): Promise<'sent'> {
    if (this.#error) return Promise.reject(this.#error);
    if (!this.reads) return new Promise((_, reject) => this.#rejectWaiting.push(reject));
    act();
    return Promise.resolve('sent');
  }

  #end(error: RtmpError | undefined): void {
    this.#error ??= error;
    if (error) for (const reject of this.#rejectWaiting.splice(0)) reject(error);
    this.#settle(error);
  }
}

/** A fake `publish`. It takes every stream at once, unless the test says otherwise for a key. */
export class FakeRtmp {
  readonly connections = new Map<string, FakeConnection[]>();
  readonly #rules = new Map<string, (attempt: number) => Promise<void> | void>();
  readonly #prepare = new Map<string, (connection: FakeConnection) => void>();

  /** Called before each connection with `key`, counted from 0; what it throws is why it failed. */
  onConnect(key: string, rule: (attempt: number) => Promise<void> | void): void {
    this.#rules.set(key, rule);
  }

  onPublished(key: string, prepare: (connection: FakeConnection) => void): void {
    this.#prepare.set(key, prepare);
  }

  of(key: string): FakeConnection[] {
    return this.connections.get(key) ?? [];
  }

  readonly publish: PublishRtmp = async (options) => {
    const { streamKey, onPhase, signal } = options;
    const list = this.of(streamKey);
    this.connections.set(streamKey, list);
    for (const phase of ['dns', 'tcp'] as const) {
      onPhase?.({ phase, state: 'started' });
      onPhase?.({ phase, state: 'done', elapsedMs: 1 });
    }
    onPhase?.({ phase: 'handshake', state: 'started' });
    await abortable(Promise.resolve(this.#rules.get(streamKey)?.(this.#attempt(options))), signal);
    for (const phase of ['handshake', 'connect', 'publish'] as const) {
      onPhase?.({ phase, state: 'started' });
      onPhase?.({ phase, state: 'done', elapsedMs: 1 });
    }
    const connection = new FakeConnection(options.onEvent);
    this.#prepare.get(streamKey)?.(connection);
    list.push(connection);
    return connection.publisher();
  };

  readonly #attempts = new Map<string, number>();

  #attempt({ streamKey }: PublishOptions): number {
    const attempt = this.#attempts.get(streamKey) ?? 0;
    this.#attempts.set(streamKey, attempt + 1);
    return attempt;
  }
}

export const rtmpError = (
  code: RtmpErrorCode,
  phase: RtmpPhase,
  reason = 'for a test',
  data: Record<string, string> = {},
): RtmpError => new RtmpError(code, phase, reason, data);

async function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  return Promise.race([
    promise,
    new Promise<never>((_, reject) => {
      const abort = (): void => reject(rtmpError('aborted', 'handshake'));
      if (signal?.aborted) abort();
      signal?.addEventListener('abort', abort, { once: true });
    }),
  ]);
}
