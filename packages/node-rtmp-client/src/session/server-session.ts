import { ByteQueue } from '../bytes/byte-queue.js';
import { MalformedError } from '../bytes/malformed-error.js';
import type { ChunkReaderLimits } from '../chunk/chunk-reader.js';
import type { FlvItem } from '../flv/flv-item.js';
import type { Digests } from '../handshake/digests.js';
import { ServerHandshake } from '../handshake/server-handshake.js';
import type { CommandMessage } from '../message/command.js';
import type { Message } from '../message/message.js';
import { userControl } from '../message/user-control.js';
import { libraryCapabilities, serializeCapabilities, type Capabilities } from './capabilities.js';
import type { MessageListener } from './message-listener.js';
import { protocolError } from './protocol-error.js';
import { outChunkSize, ProtocolChannel, type OutputLimit } from './protocol-channel.js';
import { RtmpError, type RtmpPhase } from './rtmp-error.js';
import { ServerReplies } from './server-replies.js';
import { parseConnectRequest, type ConnectRequest, type StreamRequest } from './server-requests.js';
import type { SeekEvent, ServerSessionEvent } from './server-session-event.js';
import type { SharedChunks } from './shared-chunks.js';
import { ServerStreams, type PlaybackOptions } from './server-streams.js';

export interface ServerSessionOptions {
  readonly limits?: ChunkReaderLimits;
  /** Without them the server answers a handshake with digests by the simple one. */
  readonly digests?: Digests;
  /** What the server tells of itself; what this library carries, by default. */
  readonly capabilities?: Capabilities;
  /** Is told of every message, in both directions. */
  readonly onMessage?: MessageListener | undefined;
}

export interface ConnectRejection {
  /** NetConnection.Connect.Rejected by default. */
  readonly code?: string;
  readonly description: string;
  /** Where the client is to go instead: an address as in tcUrl. */
  readonly redirect?: string;
}

const window = 2_500_000;
/** Messages that may come before `connect` is decided, from clients that do not wait. */
const maxWaiting = 64;

/**
 * The server's side of a connection, RTMP 1.0 §7.2. Each connect, publish and play is the owner's to accept or reject.
 *
 * Has no socket and no clock: `receive` takes bytes and returns events, and after every call `drainOutput` holds what
 * is to be sent.
 */
export class ServerSession {
  readonly #input = new ByteQueue();
  readonly #handshake: ServerHandshake;
  readonly #channel: ProtocolChannel;
  readonly #replies: ServerReplies;
  readonly #streams: ServerStreams;
  readonly #capabilities: Capabilities;
  #events: ServerSessionEvent[] = [];
  #phase: RtmpPhase = 'handshake';
  #done = false;
  #connect: ConnectRequest | undefined;
  #waiting: Message[] = [];

  constructor(options: ServerSessionOptions = {}) {
    const { limits, digests, capabilities = libraryCapabilities, onMessage } = options;
    this.#handshake = new ServerHandshake(digests && { digests });
    this.#channel = new ProtocolChannel(this.#input, { limits, onMessage });
    // A stranger's data is nothing to take trouble over.
    this.#channel.takesData = false;
    this.#replies = new ServerReplies(this.#channel);
    this.#streams = new ServerStreams(this.#channel, this.#replies, (event) => {
      this.#events.push(event);
    });
    this.#capabilities = capabilities;
  }

  get phase(): RtmpPhase {
    return this.#phase;
  }

  /** What may be on its way to the peer. */
  get outputLimit(): OutputLimit {
    return this.#channel;
  }

  /** What is to be sent now, as pieces to be written together. */
  drainOutput(): Uint8Array[] {
    return this.#channel.drainOutput();
  }

  receive(bytes: Uint8Array): ServerSessionEvent[] {
    return this.#collect(() => {
      if (this.#phase === 'handshake') this.#continueHandshake(bytes);
      else this.#continueChannel(bytes);
    });
  }

  /** Lets the client in. @returns what it has asked for meanwhile. */
  acceptConnect(): ServerSessionEvent[] {
    const request = this.#connect;
    if (request === undefined || this.#phase !== 'connect') return [];
    this.#phase = 'streaming';
    this.#streams.peer = request.capabilities;
    this.#channel.tellWindow(window);
    this.#channel.send({ type: 'set-peer-bandwidth', size: window, limit: 'dynamic' });
    this.#channel.send({ type: 'set-chunk-size', size: outChunkSize });
    this.#channel.send(userControl({ name: 'stream-begin', streamId: 0 }));
    this.#replies.result(
      request.transactionId,
      { fmsVer: 'FMS/3,0,1,123', capabilities: 31, ...serializeCapabilities(this.#capabilities) },
      {
        level: 'status',
        code: 'NetConnection.Connect.Success',
        description: 'Connection succeeded.',
        objectEncoding: 0,
      },
    );
    const waiting = this.#waiting;
    this.#waiting = [];
    return this.#collect(() => {
      for (const message of waiting) this.#onMessage(message);
    });
  }

  /** Refuses the client, or sends it elsewhere. Nothing more is taken from it; the connection is to be ended. */
  rejectConnect({ code, description, redirect }: ConnectRejection): void {
    if (this.#connect === undefined || this.#phase !== 'connect' || this.#done) return;
    this.#done = true;
    this.#replies.send(0, '_error', this.#connect.transactionId, null, {
      level: 'error',
      code: code ?? 'NetConnection.Connect.Rejected',
      description,
      ...(redirect !== undefined && { ex: { code: 302, redirect } }),
    });
  }

  /** Lets a requested ingest or playback begin. Without effect when the client has left meanwhile. */
  accept(request: StreamRequest, options: PlaybackOptions = {}): void {
    this.#streams.accept(request, options);
  }

  /** @param code such as NetStream.Publish.BadName. */
  reject(request: StreamRequest, code: string, description: string): void {
    this.#streams.reject(request, code, description);
  }

  /** Sends an item to a playing client, unless it has paused or does not want such. Without effect once it has left. */
  writeItem(request: StreamRequest, item: FlvItem): void {
    this.#streams.writeItem(request, item);
  }

  /** As `writeItem`, for several. @param shared what the players of this server get alike. */
  writeItems(request: StreamRequest, items: readonly FlvItem[], shared: SharedChunks): void {
    this.#streams.writeItems(request, items, shared);
  }

  /** Tells a playing client that the stream is over. */
  endPlayback(request: StreamRequest): void {
    this.#streams.endPlayback(request);
  }

  /** Tells a publishing client that its stream is over. @param code as for `reject`. */
  endIngest(request: StreamRequest, code: string, description: string): void {
    this.#streams.endIngest(request, code, description);
  }

  /** @param possible whether what is written from here on is from the time that was asked for. */
  answerSeek(seek: SeekEvent, possible: boolean): void {
    this.#streams.answerSeek(seek, possible);
  }

  /**
   * Asks the client to connect anew: elsewhere, or here when `tcUrl` is undefined (Enhanced RTMP v2, "Reconnect
   * request"). Until it leaves it is served as before.
   *
   * @returns false when the client cannot do that, and is not asked.
   */
  requestReconnect(tcUrl: string | undefined, description: string): boolean {
    if (this.#phase !== 'streaming' || this.#done) return false;
    if (this.#connect?.capabilities.capsEx.reconnect !== true) return false;
    const code = 'NetConnection.Connect.ReconnectRequest';
    const information = { level: 'status', code, description };
    this.#replies.send(
      ...([0, 'onStatus', 0, null] as const),
      tcUrl === undefined ? information : { ...information, tcUrl },
    );
    return true;
  }

  /** @param timestamp any number of 32 bits; the pong brings it back. */
  ping(timestamp: number): void {
    this.#channel.send(userControl({ name: 'ping-request', timestamp }));
  }

  /** @returns the events of what `work` does. */
  #collect(work: () => void): ServerSessionEvent[] {
    if (this.#done) return [];
    try {
      work();
    } catch (error) {
      this.#fail(protocolError(error, this.#phase));
    }
    const events = this.#events;
    this.#events = [];
    return events;
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
    this.#continueChannel(this.#input.read(this.#input.length));
  }

  #continueChannel(bytes: Uint8Array): void {
    this.#channel.receive(bytes, (message) => {
      if (!this.#done) this.#onMessage(message);
    });
  }

  #onMessage(message: Message): void {
    switch (message.type) {
      case 'audio':
      case 'video':
      case 'data':
      case 'command':
        if (this.#phase === 'connect' && this.#connect !== undefined) this.#wait(message);
        else if (message.type === 'command') this.#onCommand(message);
        else this.#streams.onItems(message);
        return;
      case 'user-control':
        if (message.event.name === 'ping-response') {
          this.#events.push({ type: 'pong', timestamp: message.event.timestamp });
        }
        return;
      default:
      // The channel has applied it.
    }
  }

  #wait(message: Message): void {
    if (this.#waiting.length >= maxWaiting) {
      throw new MalformedError('Too much came before "connect" was answered');
    }
    this.#waiting.push(message);
  }

  #onCommand(command: CommandMessage): void {
    const { name, transactionId } = command;
    if (this.#connect === undefined) {
      if (name !== 'connect') throw new MalformedError('A command came before "connect"');
      this.#connect = parseConnectRequest(command);
      this.#channel.takesData = true;
      this.#events.push({ type: 'connect', request: this.#connect });
      return;
    }
    if (this.#streams.onCommand(command, this.#connect)) return;
    switch (name) {
      case 'FCPublish':
      case 'FCUnpublish':
        this.#replies.send(0, `on${name}`, 0, null, {
          code: name === 'FCPublish' ? 'NetStream.Publish.Start' : 'NetStream.Unpublish.Success',
          // Servers put the stream's name here. It is a secret, and clients log what they are told.
          description: '',
        });
        this.#replies.result(transactionId, null);
        return;
      case 'getStreamLength':
        // 0: live.
        this.#replies.result(transactionId, null, 0);
        return;
      case 'releaseStream':
      case 'FCSubscribe':
      case '_checkbw':
        this.#replies.result(transactionId, null);
        return;
      default:
        this.#onUnknownCall(command);
    }
  }

  #onUnknownCall({ name, transactionId, values }: CommandMessage): void {
    if (transactionId === 0 || name === '_result' || name === '_error') return;
    const description = `The server has no method for this call of ${values.length} values.`;
    this.#replies.fault(0, transactionId, 'NetConnection.Call.Failed', description);
  }

  #fail(error: RtmpError): void {
    this.#done = true;
    this.#events.push({ type: 'failed', error });
  }
}
