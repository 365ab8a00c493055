import type { AmfObject, AmfValue } from '../amf/amf-value.js';
import { ByteQueue } from '../bytes/byte-queue.js';
import { MalformedError } from '../bytes/malformed-error.js';
import type { EncodedPacket } from '../flv/encoded-packet.js';
import type { FlvItem } from '../flv/flv-demuxer.js';
import { ClientHandshake } from '../handshake/client-handshake.js';
import type { CommandMessage } from '../message/command.js';
import type { Message } from '../message/message.js';
import { userControl } from '../message/user-control.js';
import { outChunkSize, ProtocolChannel } from './protocol-channel.js';
import { RtmpError, type RtmpPhase } from './rtmp-error.js';
import { isRefusal, parseServerStatus, statusError, type ServerStatus } from './server-status.js';
import { metadataMessage, packetMessage, StreamItemReader } from './stream-items.js';

export interface ClientSessionOptions {
  readonly role: 'publish' | 'play';
  readonly app: string;
  readonly tcUrl: string;
  /** The stream's name, with its query. Secret when publishing. */
  readonly streamKey: string;
}

export type ClientSessionEvent =
  /** The session now waits for the server in this phase; 'streaming' is the answer to publish or play. */
  | { readonly type: 'phase'; readonly phase: RtmpPhase }
  | { readonly type: 'status'; readonly status: ServerStatus }
  /** Bytes that the server has received in all. */
  | { readonly type: 'acknowledged'; readonly bytes: number }
  | { readonly type: 'pong'; readonly timestamp: number }
  | { readonly type: 'reconnect-request'; readonly tcUrl: string | undefined }
  | { readonly type: 'item'; readonly item: FlvItem }
  /** While playing: the stream has ended in order. */
  | { readonly type: 'ended' }
  /** Nothing more will come of this session. */
  | { readonly type: 'failed'; readonly error: RtmpError };

/** Small at first, so that the server's first acknowledgement comes with the first frames. */
const firstWindow = 8 * 1024;
const laterWindow = 256 * 1024;
const playBufferMs = 1000;
/** Publishing servers, Wowza among them, look for FMLE in here. */
const flashVersion = 'FMLE/3.0 (compatible; node-rtmp-client)';

/**
 * The client's side of a connection that publishes or plays one stream, RTMP 1.0 §7.2.
 *
 * Has no socket and no clock: `receive` takes bytes and returns events, and after every call `takeOutput` holds what is
 * to be sent.
 */
export class ClientSession {
  readonly #options: ClientSessionOptions;
  readonly #input = new ByteQueue();
  readonly #handshake = new ClientHandshake();
  readonly #channel = new ProtocolChannel(this.#input);
  readonly #items = new StreamItemReader();
  /** Names of the calls that await an answer, by transaction id. */
  readonly #calls = new Map<number, string>();
  #events: ClientSessionEvent[] = [];
  #phase: RtmpPhase = 'handshake';
  #done = false;
  #bandwidthChecked = false;
  #transactions = 0;
  #streamId = 0;
  #acknowledged = 0;
  /** Microseconds added to every packet, so that a stream that begins before 0 does not wrap around. */
  #shift: number | undefined;

  constructor(options: ClientSessionOptions) {
    this.#options = options;
    this.#channel.sendRaw(this.#handshake.hello);
  }

  get phase(): RtmpPhase {
    return this.#phase;
  }

  /** True once the server has been seen to speak RTMP. */
  get serverSpokeRtmp(): boolean {
    return this.#handshake.serverSpokeRtmp;
  }

  /** What is to be sent now, as pieces to be written together. */
  takeOutput(): Uint8Array[] {
    return this.#channel.takeOutput();
  }

  receive(bytes: Uint8Array): ClientSessionEvent[] {
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

  /** Only while publishing and streaming. */
  writePacket(packet: EncodedPacket): void {
    this.#shift ??= Math.max(0, -packet.dts);
    const shifted =
      this.#shift === 0
        ? packet
        : { ...packet, dts: packet.dts + this.#shift, pts: packet.pts + this.#shift };
    this.#channel.send(packetMessage(shifted, this.#streamId));
  }

  /** Only while publishing and streaming. */
  writeMetadata(metadata: Extract<FlvItem, { type: 'metadata' }>['value']): void {
    this.#channel.send(metadataMessage(metadata, this.#streamId, true));
  }

  /** @param timestamp any number of 32 bits; the pong brings it back. */
  ping(timestamp: number): void {
    this.#channel.send(userControl({ name: 'ping-request', timestamp }));
  }

  /** Leaves the stream in order; afterwards, once the output is sent, the connection can be closed. */
  close(): void {
    if (this.#streamId !== 0) {
      if (this.#options.role === 'publish')
        this.#call('FCUnpublish', null, this.#options.streamKey);
      this.#call('deleteStream', null, this.#streamId);
    }
    this.#phase = 'close';
    this.#done = true;
  }

  #continueHandshake(bytes: Uint8Array): void {
    this.#input.push(bytes);
    const step = this.#handshake.advance(this.#input);
    if (step.type === 'not-rtmp') {
      this.#fail(new RtmpError('not-rtmp', 'handshake', step.reason));
    } else if (step.type === 'done') {
      this.#channel.sendRaw(step.output);
      this.#enter('connect');
      this.#channel.send({ type: 'set-chunk-size', size: outChunkSize });
      this.#call('connect', this.#connectObject());
      this.#continueChannel(this.#input.take(this.#input.length));
    }
  }

  #continueChannel(bytes: Uint8Array): void {
    this.#channel.receive(bytes, (message) => {
      if (!this.#done) this.#onMessage(message);
    });
    const { acknowledged } = this.#channel;
    if (acknowledged === this.#acknowledged) return;
    if (this.#acknowledged === 0) {
      this.#channel.send({ type: 'window-acknowledgement-size', size: laterWindow });
    }
    this.#acknowledged = acknowledged;
    this.#events.push({ type: 'acknowledged', bytes: acknowledged });
  }

  #connectObject(): AmfObject {
    const { app, tcUrl, role } = this.#options;
    const common = { app, type: 'nonprivate', flashVer: flashVersion, tcUrl };
    if (role === 'publish') return common;
    // What a player can take: all codecs of the old list (RTMP 1.0 §7.2.1.1), and seeking by keyframes.
    return { ...common, fpad: false, audioCodecs: 4071, videoCodecs: 252, videoFunction: 1 };
  }

  #onMessage(message: Message): void {
    switch (message.type) {
      case 'command':
        this.#onCommand(message);
        return;
      case 'user-control':
        if (message.event.name === 'ping-response') {
          this.#events.push({ type: 'pong', timestamp: message.event.timestamp });
        } else if (message.event.name === 'stream-eof' && this.#options.role === 'play') {
          this.#end();
        }
        return;
      case 'data':
      case 'audio':
      case 'video': {
        if (this.#options.role === 'publish') return;
        for (const item of this.#items.read(message)) this.#events.push({ type: 'item', item });
        return;
      }
      default:
      // The channel has obeyed it.
    }
  }

  #onCommand(command: CommandMessage): void {
    switch (command.name) {
      case '_result':
      case '_error': {
        const call = this.#calls.get(command.transactionId);
        this.#calls.delete(command.transactionId);
        if (command.name === '_result') this.#onResult(call, command);
        else this.#onError(call, command);
        return;
      }
      case 'onStatus':
        this.#onStatus(parseServerStatus(command.values, this.#options.streamKey), command);
        return;
      case 'onBWDone':
        // Adobe's server measures the way to us unless it is answered; the result does not matter.
        if (!this.#bandwidthChecked) this.#call('_checkbw', null);
        this.#bandwidthChecked = true;
        return;
      case 'close':
        this.#fail(new RtmpError('closed', this.#phase, 'the server said "close"'));
        return;
      default:
      // onFCPublish and the like: words without consequence.
    }
  }

  #onResult(call: string | undefined, { values }: CommandMessage): void {
    if (call === 'connect' && this.#phase === 'connect') {
      this.#openStream();
    } else if (call === 'createStream' && this.#streamId === 0) {
      const streamId = values.find((value) => typeof value === 'number');
      // Servers number as they like, but 0 is the connection itself.
      if (streamId === undefined || !(streamId >= 1 && streamId <= 0xffffffff)) {
        throw new MalformedError('createStream was answered without a stream id');
      }
      this.#streamId = streamId;
      this.#startStream();
    }
  }

  #onError(call: string | undefined, { values }: CommandMessage): void {
    // Servers that do not know releaseStream, FCPublish or _checkbw say so; it does not matter.
    if (call !== 'connect' && call !== 'createStream' && call !== 'publish' && call !== 'play')
      return;
    const status = parseServerStatus(values, this.#options.streamKey);
    this.#events.push({ type: 'status', status });
    this.#fail(statusError(status, this.#phase));
  }

  #onStatus(status: ServerStatus, { values }: CommandMessage): void {
    this.#events.push({ type: 'status', status });
    switch (status.code) {
      case 'NetStream.Publish.Start':
      case 'NetStream.Play.Start':
        if (this.#phase === 'publish' || this.#phase === 'play') this.#enter('streaming');
        return;
      case 'NetConnection.Connect.ReconnectRequest':
        this.#events.push({ type: 'reconnect-request', tcUrl: findText(values, 'tcUrl') });
        return;
      case 'NetStream.Play.UnpublishNotify':
      case 'NetStream.Play.Stop':
      case 'NetStream.Play.Complete':
        if (this.#phase === 'streaming' && this.#options.role === 'play') this.#end();
        return;
      default:
        if (isRefusal(status)) this.#fail(statusError(status, this.#phase));
    }
  }

  #openStream(): void {
    const { role, streamKey } = this.#options;
    this.#enter(role);
    this.#channel.send({ type: 'window-acknowledgement-size', size: firstWindow });
    if (role === 'publish') {
      // In this order: SRS expects it.
      this.#call('releaseStream', null, streamKey);
      this.#call('FCPublish', null, streamKey);
    }
    this.#call('createStream', null);
  }

  #startStream(): void {
    const { role, streamKey } = this.#options;
    if (role === 'publish') {
      this.#send(this.#streamId, 'publish', null, streamKey, 'live');
      return;
    }
    this.#send(this.#streamId, 'play', null, streamKey);
    this.#channel.send(
      userControl({
        name: 'set-buffer-length',
        streamId: this.#streamId,
        milliseconds: playBufferMs,
      }),
    );
  }

  /** A call on the connection itself. */
  #call(name: string, ...values: AmfValue[]): void {
    this.#send(0, name, ...values);
  }

  #send(streamId: number, name: string, ...values: AmfValue[]): void {
    const transactionId = ++this.#transactions;
    this.#calls.set(transactionId, name);
    this.#channel.send({ type: 'command', streamId, name, transactionId, values });
  }

  #enter(phase: RtmpPhase): void {
    this.#phase = phase;
    this.#events.push({ type: 'phase', phase });
  }

  #end(): void {
    this.#done = true;
    this.#events.push({ type: 'ended' });
  }

  #fail(error: RtmpError): void {
    this.#done = true;
    this.#events.push({ type: 'failed', error });
  }
}

function findText(values: readonly AmfValue[], key: string): string | undefined {
  for (const value of values) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) continue;
    const text = (value as AmfObject)[key];
    if (typeof text === 'string') return text;
  }
  return undefined;
}
