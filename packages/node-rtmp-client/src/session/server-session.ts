import { isAmfObject, type AmfObject, type AmfValue } from '../amf/amf-value.js';
import { ByteQueue } from '../bytes/byte-queue.js';
import { MalformedError } from '../bytes/malformed-error.js';
import type { FlvItem } from '../flv/flv-demuxer.js';
import { ServerHandshake } from '../handshake/server-handshake.js';
import type { CommandMessage } from '../message/command.js';
import type { Message } from '../message/message.js';
import { userControl } from '../message/user-control.js';
import { outChunkSize, ProtocolChannel } from './protocol-channel.js';
import { RtmpError, type RtmpPhase } from './rtmp-error.js';
import { itemMessage, StreamItemReader } from './stream-items.js';

export interface StreamRequest {
  /** Message stream id, by which the answer is addressed. */
  readonly streamId: number;
  readonly app: string;
  readonly streamName: string;
  /** What followed the "?" in the stream's name or else in the application's, without it. */
  readonly query: string;
}

export type ServerSessionEvent =
  | { readonly type: 'connected'; readonly app: string }
  /** Answer with `accept` or `reject`. */
  | { readonly type: 'publish' | 'play'; readonly request: StreamRequest }
  /** Media or metadata of an accepted publication. */
  | { readonly type: 'item'; readonly streamId: number; readonly item: FlvItem }
  /** The client has left the stream, whatever its state was. */
  | { readonly type: 'stream-closed'; readonly streamId: number }
  | { readonly type: 'pong'; readonly timestamp: number }
  | { readonly type: 'failed'; readonly error: RtmpError };

interface ServerStream {
  state: 'idle' | 'asked-publish' | 'asked-play' | 'publishing' | 'playing';
  /** The last publish or play on this stream; answers to an earlier one come too late. */
  request: StreamRequest | undefined;
  readonly items: StreamItemReader;
}

const window = 2_500_000;
const maxStreams = 16;

/**
 * The server's side of a connection, RTMP 1.0 §7.2. Any application is accepted; each publish and play is the owner's
 * to accept or reject.
 *
 * Has no socket and no clock: `receive` takes bytes and returns events, and after every call `takeOutput` holds what is
 * to be sent.
 */
export class ServerSession {
  readonly #input = new ByteQueue();
  readonly #handshake = new ServerHandshake();
  readonly #channel = new ProtocolChannel(this.#input);
  readonly #streams = new Map<number, ServerStream>();
  #events: ServerSessionEvent[] = [];
  #phase: RtmpPhase = 'handshake';
  #done = false;
  #app = '';
  #appQuery = '';
  #lastStreamId = 0;

  get phase(): RtmpPhase {
    return this.#phase;
  }

  /** What is to be sent now, as pieces to be written together. */
  takeOutput(): Uint8Array[] {
    return this.#channel.takeOutput();
  }

  receive(bytes: Uint8Array): ServerSessionEvent[] {
    if (this.#done) return [];
    try {
      if (this.#phase === 'handshake') this.#continueHandshake(bytes);
      else this.#continueChannel(bytes);
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
      this.#fail(new RtmpError('protocol', this.#phase, error.message, {}, { cause: error }));
    }
    const events = this.#events;
    this.#events = [];
    return events;
  }

  /** Lets a requested publication or playback begin. Without effect when the client has left meanwhile. */
  accept(request: StreamRequest): void {
    const { streamId } = request;
    const stream = this.#streamOf(request);
    if (stream?.state === 'asked-publish') {
      stream.state = 'publishing';
      this.#status(streamId, 'status', 'NetStream.Publish.Start', 'Publishing.');
    } else if (stream?.state === 'asked-play') {
      stream.state = 'playing';
      this.#channel.send(userControl({ name: 'stream-begin', streamId }));
      this.#status(streamId, 'status', 'NetStream.Play.Reset', 'Resetting.');
      this.#status(streamId, 'status', 'NetStream.Play.Start', 'Playing.');
      // Lets players read the sound and picture; some wait for it.
      const values = ['|RtmpSampleAccess', true, true];
      this.#channel.send({ type: 'data', streamId, timestamp: 0, values });
    }
  }

  /** @param code such as NetStream.Publish.BadName. */
  reject(request: StreamRequest, code: string, description: string): void {
    const { streamId } = request;
    const stream = this.#streamOf(request);
    if (stream?.state !== 'asked-publish' && stream?.state !== 'asked-play') return;
    stream.state = 'idle';
    this.#status(streamId, 'error', code, description);
  }

  /** Sends an item to a playing client. Without effect once it has left. */
  writeItem(request: StreamRequest, item: FlvItem): void {
    const { streamId } = request;
    if (this.#streamOf(request)?.state !== 'playing') return;
    this.#channel.send(itemMessage(item, streamId, false));
  }

  /** Tells a playing client that the stream is over. */
  endPlayback(request: StreamRequest): void {
    const { streamId } = request;
    const stream = this.#streamOf(request);
    if (stream?.state !== 'playing') return;
    stream.state = 'idle';
    this.#channel.send(userControl({ name: 'stream-eof', streamId }));
    this.#status(streamId, 'status', 'NetStream.Play.UnpublishNotify', 'Unpublished.');
  }

  /** @param timestamp any number of 32 bits; the pong brings it back. */
  ping(timestamp: number): void {
    this.#channel.send(userControl({ name: 'ping-request', timestamp }));
  }

  #streamOf(request: StreamRequest): ServerStream | undefined {
    const stream = this.#streams.get(request.streamId);
    return stream?.request === request ? stream : undefined;
  }

  #continueHandshake(bytes: Uint8Array): void {
    this.#input.push(bytes);
    for (;;) {
      const step = this.#handshake.advance(this.#input);
      if (step.type === 'need-more') return;
      if (step.type === 'not-rtmp') {
        this.#fail(new RtmpError('not-rtmp', 'handshake', step.reason));
        return;
      }
      if (step.type === 'done') break;
      this.#channel.sendRaw(step.output);
    }
    this.#phase = 'connect';
    this.#continueChannel(this.#input.take(this.#input.length));
  }

  #continueChannel(bytes: Uint8Array): void {
    this.#channel.receive(bytes, (message) => {
      if (!this.#done) this.#onMessage(message);
    });
  }

  #onMessage(message: Message): void {
    switch (message.type) {
      case 'command':
        this.#onCommand(message);
        return;
      case 'user-control':
        if (message.event.name === 'ping-response') {
          this.#events.push({ type: 'pong', timestamp: message.event.timestamp });
        }
        return;
      case 'data':
      case 'audio':
      case 'video': {
        const { streamId } = message;
        const stream = this.#streams.get(streamId);
        if (stream?.state !== 'publishing') return;
        for (const item of stream.items.read(message)) {
          this.#events.push({ type: 'item', streamId, item });
        }
        return;
      }
      default:
      // The channel has obeyed it.
    }
  }

  #onCommand(command: CommandMessage): void {
    const { name, transactionId, values } = command;
    if (name === 'connect') {
      this.#onConnect(command);
      return;
    }
    if (this.#phase === 'connect') throw new MalformedError('A command came before "connect"');
    switch (name) {
      case 'createStream':
        this.#onCreateStream(transactionId);
        return;
      case 'publish':
      case 'play':
        this.#onStreamRequest(name, command);
        return;
      case 'FCPublish':
      case 'FCUnpublish':
        this.#send(0, `on${name}`, 0, null, {
          code: name === 'FCPublish' ? 'NetStream.Publish.Start' : 'NetStream.Unpublish.Success',
          // Servers put the stream's name here. It is a secret, and clients log what they are told.
          description: '',
        });
        this.#result(transactionId, null);
        return;
      case 'closeStream':
        this.#leave(command.streamId);
        return;
      case 'deleteStream': {
        const streamId = typeof values[1] === 'number' ? values[1] : command.streamId;
        this.#leave(streamId);
        this.#streams.delete(streamId);
        return;
      }
      case 'getStreamLength':
        // 0: live.
        this.#result(transactionId, null, 0);
        return;
      case 'releaseStream':
      case 'FCSubscribe':
      case '_checkbw':
        this.#result(transactionId, null);
        return;
      default:
        this.#onUnknownCall(command);
    }
  }

  #onConnect({ transactionId, values }: CommandMessage): void {
    const object = values[0];
    const app = textOf(isAmfObject(object) ? object['app'] : undefined);
    const [path = '', query = ''] = splitQuery(app);
    this.#app = path.replace(/^\/+|\/+$/g, '');
    this.#appQuery = query;
    this.#phase = 'streaming';
    this.#channel.send({ type: 'window-acknowledgement-size', size: window });
    this.#channel.send({ type: 'set-peer-bandwidth', size: window, limit: 'dynamic' });
    this.#channel.send({ type: 'set-chunk-size', size: outChunkSize });
    this.#channel.send(userControl({ name: 'stream-begin', streamId: 0 }));
    this.#result(
      transactionId,
      { fmsVer: 'FMS/3,0,1,123', capabilities: 31 },
      {
        level: 'status',
        code: 'NetConnection.Connect.Success',
        description: 'Connection succeeded.',
        objectEncoding: 0,
      },
    );
    this.#events.push({ type: 'connected', app: this.#app });
  }

  #onCreateStream(transactionId: number): void {
    if (this.#streams.size >= maxStreams) throw new MalformedError('Too many streams');
    const streamId = ++this.#lastStreamId;
    this.#streams.set(streamId, {
      state: 'idle',
      request: undefined,
      items: new StreamItemReader(),
    });
    this.#result(transactionId, null, streamId);
  }

  #onStreamRequest(type: 'publish' | 'play', { streamId, values }: CommandMessage): void {
    const stream = this.#streams.get(streamId);
    const [streamName = '', query = ''] = splitQuery(textOf(values[1]));
    if (stream?.state !== 'idle' || streamName === '') {
      const code = type === 'publish' ? 'NetStream.Publish.BadName' : 'NetStream.Play.Failed';
      this.#status(streamId, 'error', code, 'The stream is in use or has no name.');
      return;
    }
    stream.state = type === 'publish' ? 'asked-publish' : 'asked-play';
    const request = { streamId, app: this.#app, streamName, query: query || this.#appQuery };
    stream.request = request;
    this.#events.push({ type, request });
  }

  #onUnknownCall({ name, transactionId, values }: CommandMessage): void {
    if (transactionId === 0 || name === '_result' || name === '_error') return;
    this.#send(0, '_error', transactionId, null, {
      level: 'error',
      code: 'NetConnection.Call.Failed',
      description: `The server has no method for this call of ${values.length} values.`,
    });
  }

  #leave(streamId: number): void {
    const stream = this.#streams.get(streamId);
    if (stream === undefined || stream.state === 'idle') return;
    if (stream.state === 'publishing') {
      this.#status(streamId, 'status', 'NetStream.Unpublish.Success', 'Unpublished.');
    }
    stream.state = 'idle';
    this.#events.push({ type: 'stream-closed', streamId });
  }

  #result(transactionId: number, ...values: AmfValue[]): void {
    if (transactionId !== 0) this.#send(0, '_result', transactionId, ...values);
  }

  #status(streamId: number, level: string, code: string, description: string): void {
    this.#send(streamId, 'onStatus', 0, null, { level, code, description } satisfies AmfObject);
  }

  #send(streamId: number, name: string, transactionId: number, ...values: AmfValue[]): void {
    this.#channel.send({ type: 'command', streamId, name, transactionId, values });
  }

  #fail(error: RtmpError): void {
    this.#done = true;
    this.#events.push({ type: 'failed', error });
  }
}

const textOf = (value: AmfValue): string => (typeof value === 'string' ? value : '');

function splitQuery(text: string): string[] {
  const at = text.indexOf('?');
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
