import type { EncodedPacket } from '../src/flv/encoded-packet.js';
import type { FlvItem } from '../src/flv/flv-item.js';
import type { ClientHandshakeOptions } from '../src/handshake/client-handshake.js';
import type { Digests } from '../src/handshake/digests.js';
import { libraryCapabilities } from '../src/session/capabilities.js';
import type { ClientSessionEvent } from '../src/session/client-event.js';
import { ClientSession } from '../src/session/client-session.js';
import type { ClientStream, PlayRequest, PublishRequest } from '../src/session/client-stream.js';
import type { StreamRequest } from '../src/session/server-requests.js';
import type { ServerSessionEvent } from '../src/session/server-session-event.js';
import { ServerSession } from '../src/session/server-session.js';

/** Divides what goes over the wire in one direction; called in order, with all that is there to be carried. */
export type Cut = (bytes: Uint8Array) => readonly Uint8Array[];

export interface SessionWireOptions {
  readonly role: 'publish' | 'play';
  readonly cutUp?: Cut;
  readonly cutDown?: Cut;
  readonly handshake?: ClientHandshakeOptions;
  readonly digests?: Digests;
  /** Called for items as they arrive, which are then not kept. */
  readonly onItem?: (item: FlvItem) => void;
}

const streamKey = 'secret-key';
const publishRequest: PublishRequest = { role: 'publish', streamKey, mode: 'live', body: {} };
const playRequest: PlayRequest = {
  ...{ role: 'play', streamKey, start: undefined, duration: undefined },
  ...{ reset: undefined, bufferMs: 1000 },
};
const whole: Cut = (bytes) => [bytes];

const joined = (pieces: readonly Uint8Array[]): Uint8Array => {
  const [first] = pieces;
  return pieces.length === 1 && first !== undefined ? first : new Uint8Array(Buffer.concat(pieces));
};

/** A client and a server that accepts everything, wired to each other in memory. */
export class SessionWire {
  readonly client: ClientSession;
  readonly server: ServerSession;
  /** Everything that either end has been told, in order, in a form that can be compared. */
  readonly log: string[] = [];
  readonly items: FlvItem[] = [];
  readonly #options: SessionWireOptions;
  #stream: ClientStream | undefined;
  #request: StreamRequest | undefined;

  constructor(options: SessionWireOptions) {
    this.#options = options;
    this.client = new ClientSession({
      ...{ app: 'live', tcUrl: 'rtmp://host/live', plays: true },
      capabilities: libraryCapabilities,
      ...(options.handshake && { handshake: options.handshake }),
    });
    this.server = new ServerSession(options.digests && { digests: options.digests });
  }

  /** What the client publishes or plays. */
  get stream(): ClientStream {
    if (this.#stream?.state !== 'active') throw new Error(`no stream: ${this.log.join('\n')}`);
    return this.#stream;
  }

  /** Sends to a client that plays. */
  play(item: FlvItem): void {
    if (this.#request === undefined) throw new Error(`nothing is played: ${this.log.join('\n')}`);
    this.server.writeItem(this.#request, item);
  }

  /** Carries bytes both ways until nobody has anything more to say. */
  run(): this {
    const { cutUp = whole, cutDown = whole } = this.#options;
    for (;;) {
      const up = joined(this.client.takeOutput());
      const down = joined(this.server.takeOutput());
      if (up.length + down.length === 0) return this;
      if (up.length > 0) {
        for (const bytes of cutUp(up)) this.#onServerEvents(this.server.receive(bytes));
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
      this.#note('server', event);
      if (event.type === 'connect') this.#onServerEvents(this.server.acceptConnect());
      if (event.type !== 'publish' && event.type !== 'play') continue;
      this.#request = event.request;
      this.server.accept(event.request);
    }
  }

  #onClientEvents(events: readonly ClientSessionEvent[]): void {
    for (const event of events) {
      if (event.type === 'item') {
        this.#onItem(event.item);
        continue;
      }
      // How much has been acknowledged when depends on the cuts.
      if (event.type !== 'acknowledged') this.#note('client', event);
      if (event.type !== 'phase' || event.phase !== 'streaming') continue;
      const request = this.#options.role === 'publish' ? publishRequest : playRequest;
      this.#stream = this.client.open(request);
    }
  }

  #onItem(item: FlvItem): void {
    if (this.#options.onItem === undefined) this.items.push(item);
    else this.#options.onItem(item);
  }

  #note(end: 'client' | 'server', event: ClientSessionEvent | ServerSessionEvent): void {
    this.log.push(
      `${end} ${JSON.stringify(event, (key, value: unknown) => (key === 'stream' ? '…' : value))}`,
    );
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
