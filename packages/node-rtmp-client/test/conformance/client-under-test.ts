import type { AmfObject } from '../../src/amf/amf-value.js';
import { noCapabilities, type Capabilities } from '../../src/session/capabilities.js';
import type { ClientSessionEvent } from '../../src/session/client-event.js';
import { ClientSession } from '../../src/session/client-session.js';
import type { ClientStream, PlayRequest, PublishRequest } from '../../src/session/client-stream.js';
import { named, RawPeer } from './raw-peer.js';

type Event<Type extends ClientSessionEvent['type']> = Extract<ClientSessionEvent, { type: Type }>;

/** A client session and the server that talks to it. */
export class ClientUnderTest extends RawPeer {
  readonly session: ClientSession;
  readonly events: ClientSessionEvent[] = [];

  constructor(over: { plays?: boolean; publishes?: boolean; capabilities?: Capabilities } = {}) {
    const session = new ClientSession({
      ...{ app: 'live?a=1', tcUrl: 'rtmp://host/live?a=1', plays: false },
      ...{ capabilities: noCapabilities, ...over },
    });
    super({
      drainOutput: () => session.drainOutput(),
      receive: (bytes) => void this.events.push(...session.receive(bytes)),
    });
    this.session = session;
  }

  all<Type extends ClientSessionEvent['type']>(type: Type): Event<Type>[] {
    return this.events.filter((event): event is Event<Type> => event.type === type);
  }

  /** Connected; nothing is left of what was said. */
  connected(properties: AmfObject = {}, information: AmfObject = {}): this {
    this.shakeHandsAsServer();
    const code = 'NetConnection.Connect.Success';
    this.call('_result', 1, properties, { level: 'status', code, ...information });
    this.take();
    return this;
  }

  /** Opens a stream, which the server gives `streamId`. */
  opened(request: PublishRequest | PlayRequest, streamId = 4711): ClientStream {
    const stream = this.session.open(request);
    const [create] = named(this.take(), 'createStream');
    this.call('_result', Number(create?.values[1]), null, streamId);
    return stream;
  }

  started(request: PublishRequest | PlayRequest, streamId = 4711): ClientStream {
    const stream = this.opened(request, streamId);
    const what = request.role === 'publish' ? 'Publish' : 'Play';
    this.status(streamId, `NetStream.${what}.Start`);
    this.take();
    return stream;
  }
}

export const publishing: PublishRequest = {
  role: 'publish',
  streamKey: 'key',
  mode: 'live',
  body: {},
};
export const playing: PlayRequest = {
  ...{ role: 'play', streamKey: 'name', bufferMs: 1500 },
  ...{ start: undefined, duration: undefined, reset: undefined },
};
