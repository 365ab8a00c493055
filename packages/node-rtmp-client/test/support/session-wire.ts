import type { EncodedPacket } from '../../src/flv/encoded-packet.js';
import type { FlvItem } from '../../src/flv/flv-item.js';
import type { ClientHandshakeOptions } from '../../src/handshake/client-handshake.js';
import type { Digests } from '../../src/handshake/digests.js';
import { libraryCapabilities, type Capabilities } from '../../src/session/capabilities.js';
import type { ClientSessionEvent } from '../../src/session/client-event.js';
import { ClientSession } from '../../src/session/client-session.js';
import type { ClientStream } from '../../src/session/client-stream.js';
import type { RtmpError } from '../../src/session/rtmp-error.js';
import type { StreamRequest } from '../../src/session/server-requests.js';
import type { ServerSessionEvent } from '../../src/session/server-session-event.js';
import { ServerSession } from '../../src/session/server-session.js';

/** Divides what goes over the wire in one direction; called in order, with all that is there to be carried. */
export type Cut = (bytes: Uint8Array) => readonly Uint8Array[];

export interface SessionWireOptions {
  readonly role: 'publish' | 'play';
  readonly streamKey?: string;
  /** The client's; everything by default. */
  readonly capabilities?: Capabilities;
  /** What becomes of what the client asks for; it is accepted by default. */
  readonly onRequest?: (request: StreamRequest, server: ServerSession) => void;
  readonly cutUp?: Cut;
  readonly cutDown?: Cut;
  readonly handshake?: ClientHandshakeOptions;
  readonly digests?: Digests;
  /** Called for items as they arrive, which are then not kept. */
  readonly onItem?: (item: FlvItem) => void;
}

const whole: Cut = (bytes) => [bytes];
export const byByte: Cut = (bytes) => Array.from(bytes, (byte) => Uint8Array.of(byte));

const accept = (request: StreamRequest, server: ServerSession): void => server.accept(request);

/** In one piece. */
export const joined = (pieces: readonly Uint8Array[]): Uint8Array => {
  const [first] = pieces;
  return pieces.length === 1 && first !== undefined ? first : new Uint8Array(Buffer.concat(pieces));
};

type Told =
  | { readonly end: 'client'; readonly event: ClientSessionEvent }
  | { readonly end: 'server'; readonly event: ServerSessionEvent };

/** A client and a server, wired to each other in memory. */
export class SessionWire {
  readonly client: ClientSession;
  readonly server: ServerSession;
  /** What the receiving end got; not among the events. */
  readonly items: FlvItem[] = [];
  readonly #told: Told[] = [];
  readonly #options: SessionWireOptions;
  #stream: ClientStream | undefined;
  #request: StreamRequest | undefined;

  constructor(options: SessionWireOptions) {
    this.#options = options;
    this.client = new ClientSession({
      ...{ app: 'live', tcUrl: 'rtmp://host/live', plays: true },
      capabilities: options.capabilities ?? libraryCapabilities,
      ...(options.handshake && { handshake: options.handshake }),
    });
    this.server = new ServerSession(options.digests && { digests: options.digests });
  }

  /** What the client publishes or plays; opened as soon as the connection stands. */
  get stream(): ClientStream {
    if (this.#stream?.state !== 'active') throw new Error(`no stream: ${this.log.join('\n')}`);
    return this.#stream;
  }

  get isStreaming(): boolean {
    return this.#stream?.state === 'active';
  }

  /** What the client has asked the server for last. */
  get request(): StreamRequest {
    if (this.#request === undefined) throw new Error(`no request: ${this.log.join('\n')}`);
    return this.#request;
  }

  get clientEvents(): ClientSessionEvent[] {
    return this.#told.flatMap(({ end, event }) => (end === 'client' ? [event] : []));
  }

  get serverEvents(): ServerSessionEvent[] {
    return this.#told.flatMap(({ end, event }) => (end === 'server' ? [event] : []));
  }

  /** Why the session or the stream ended for the client. */
  get clientError(): RtmpError | undefined {
    return this.clientEvents
      .map((event) =>
        event.type === 'failed' || event.type === 'stream-ended' ? event.error : undefined,
      )
      .find((error) => error !== undefined);
  }

  /** Everything that either end has been told, in order, in a form that is the same wherever the bytes were cut. */
  get log(): string[] {
    // How much has been acknowledged when depends on the cuts.
    const lasting = this.#told.filter(({ event }) => event.type !== 'acknowledged');
    return lasting.map(({ end, event }) => {
      const words = JSON.stringify(event, (key, value: unknown) =>
        key === 'stream' ? '…' : value,
      );
      return `${end} ${words}`;
    });
  }

  /** Sends to a client that plays. */
  play(item: FlvItem): void {
    this.server.writeItem(this.request, item);
  }

  /** Also for bytes that the client would never send. */
  toServer(bytes: Uint8Array): void {
    this.#onServerEvents(this.server.receive(bytes));
  }

  /** Carries bytes both ways until nobody has anything more to say. */
  run(): this {
    const { cutUp = whole, cutDown = whole } = this.#options;
    for (;;) {
      const up = joined(this.client.drainOutput());
      const down = joined(this.server.drainOutput());
      if (up.length + down.length === 0) return this;
      if (up.length > 0) {
        for (const bytes of cutUp(up)) this.toServer(bytes);
      }
      if (down.length > 0) {
        for (const bytes of cutDown(down)) this.#onClientEvents(this.client.receive(bytes));
      }
    }
  }

  #onServerEvents(events: readonly ServerSessionEvent[]): void {
    for (const event of events) {
      if (event.type === 'item') {
        this.#onItem(event.item);
        continue;
      }
      this.#told.push({ end: 'server', event });
      if (event.type === 'connect') this.#onServerEvents(this.server.acceptConnect());
      if (event.type !== 'publish' && event.type !== 'play') continue;
      this.#request = event.request;
      const { onRequest = accept } = this.#options;
      onRequest(event.request, this.server);
    }
  }

  #onClientEvents(events: readonly ClientSessionEvent[]): void {
    for (const event of events) {
      if (event.type === 'item') {
        this.#onItem(event.item);
        continue;
      }
      this.#told.push({ end: 'client', event });
      if (event.type === 'phase' && event.phase === 'streaming') this.#stream = this.#open();
    }
  }

  #open(): ClientStream {
    const { role, streamKey = 'secret-key' } = this.#options;
    if (role === 'publish') return this.client.open({ role, streamKey, mode: 'live', body: {} });
    return this.client.open({
      ...{ role, streamKey, start: undefined, duration: undefined },
      ...{ reset: undefined, bufferMs: 1000 },
    });
  }

  #onItem(item: FlvItem): void {
    if (this.#options.onItem === undefined) this.items.push(item);
    else this.#options.onItem(item);
  }
}

export function videoPacket(
  type: 'config' | 'frame',
  dts: number,
  payload: number[],
): EncodedPacket {
  return {
    ...{ track: 'video', codec: 'h264', type, keyframe: true },
    ...{ pts: type === 'config' ? dts : dts + 66_000, dts, payload: Uint8Array.from(payload) },
  };
}

export function audioPacket(
  type: 'config' | 'frame',
  dts: number,
  payload: number[],
): EncodedPacket {
  return {
    ...{ track: 'audio', codec: 'aac', type, keyframe: true },
    ...{ pts: dts, dts, payload: Uint8Array.from(payload) },
  };
}

/** A configuration as H.264 has it, as far as the library looks into it. */
export const videoConfig = [1, 100, 0, 31, 255, 225];
export const audioConfig = [0x12, 0x10];
