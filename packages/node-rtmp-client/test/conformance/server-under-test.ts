import type { AmfObject, AmfValue } from '../../src/amf/amf-value.js';
import type { EncodedPacket } from '../../src/flv/encoded-packet.js';
import { ServerSession } from '../../src/session/server-session.js';
import type { ServerSessionEvent } from '../../src/session/server-session-event.js';
import { filled } from './raw-chunks.js';
import { named, RawPeer, type RawMessage } from './raw-peer.js';

type Event<Type extends ServerSessionEvent['type']> = Extract<ServerSessionEvent, { type: Type }>;

/** A server session and the client that talks to it. */
export class ServerUnderTest extends RawPeer {
  readonly session: ServerSession;
  readonly events: ServerSessionEvent[] = [];

  constructor(session = new ServerSession()) {
    super({
      drainOutput: () => session.drainOutput(),
      receive: (bytes) => void this.events.push(...session.receive(bytes)),
    });
    this.session = session;
  }

  last<Type extends ServerSessionEvent['type']>(type: Type): Event<Type> {
    const event = this.events.findLast((each) => each.type === type);
    if (event === undefined) throw new Error(`no ${type}`);
    return event as Event<Type>;
  }

  connect(object: AmfObject = { app: 'live', tcUrl: 'rtmp://host/live' }): this {
    this.shakeHandsAsClient().call('connect', 1, object);
    this.events.push(...this.session.acceptConnect());
    return this;
  }

  /** @returns the message stream's id. */
  createStream(): number {
    this.take();
    this.call('createStream', 7, null);
    return Number(this.takeCommands()[0]?.values[3]);
  }

  /** Plays or publishes; nothing of the answers is kept. */
  begin(name: 'play' | 'publish', ...values: readonly AmfValue[]): number {
    const streamId = this.createStream();
    this.command(streamId, name, ...(values.length === 0 ? ['name'] : values));
    this.session.accept(this.last(name).request);
    this.take();
    return streamId;
  }

  write(packet: EncodedPacket): number[] {
    this.session.writeItem(this.last('play').request, { type: 'packet', packet });
    return this.take().map(({ typeId }) => typeId);
  }
}

export const packet = (track: 'audio' | 'video', keyframe = true): EncodedPacket => {
  const timed = { type: 'frame', keyframe, pts: 0, dts: 0, payload: filled(5) } as const;
  return track === 'audio' ? { track, codec: 'aac', ...timed } : { track, codec: 'h264', ...timed };
};

export const information = (message: RawMessage | undefined, at = 3): AmfObject =>
  (message?.values[at] ?? {}) as AmfObject;

export const codesOf = (messages: readonly RawMessage[]): AmfValue[] =>
  named(messages, 'onStatus').map((message) => information(message)['code']);
