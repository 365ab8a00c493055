import { isAmfObject, type AmfValue } from '../amf/amf-value.js';
import { ByteQueue } from '../bytes/byte-queue.js';
import { ClientHandshake, type ClientHandshakeOptions } from '../handshake/client-handshake.js';
import type { CommandMessage } from '../message/command.js';
import type { Message } from '../message/message.js';
import { userControl } from '../message/user-control.js';
import { noCapabilities, parseCapabilities, type Capabilities } from './capabilities.js';
import { ClientCalls } from './client-calls.js';
import type { ClientSessionEvent } from './client-event.js';
import { ClientStream, type PlayRequest, type PublishRequest } from './client-stream.js';
import { ClientStreams } from './client-streams.js';
import { connectObject, type ConnectRequest } from './connect-request.js';
import { remedyOf, type ConnectRemedy } from './connect-remedy.js';
import type { MessageListener } from './message-listener.js';
import { protocolError } from './protocol-error.js';
import { outChunkSize, ProtocolChannel, type OutputLimit } from './protocol-channel.js';
import { RtmpError, type RtmpPhase, type RtmpProblem } from './rtmp-error.js';
import {
  findInformation,
  isRefusal,
  parseServerStatus,
  statusError,
  type ServerStatus,
} from './server-status.js';

export interface ClientSessionOptions extends ConnectRequest {
  /** Taken out of everything that the server says; stream keys are added as streams are opened. */
  readonly secrets?: readonly string[];
  readonly handshake?: ClientHandshakeOptions;
  /** Is told of every message, in both directions. */
  readonly onMessage?: MessageListener | undefined;
}

/** Small at first, so that the server's first acknowledgement comes with the first frames. */
const firstWindow = 8 * 1024;
const laterWindow = 256 * 1024;

/**
 * The client's side of a connection, RTMP 1.0 §7.2, over which streams are published and played.
 *
 * Has no socket and no clock: `receive` takes bytes and returns events, and after every call `drainOutput` holds what
 * is to be sent.
 */
export class ClientSession {
  readonly #options: ClientSessionOptions;
  readonly #input = new ByteQueue();
  readonly #handshake: ClientHandshake;
  readonly #channel: ProtocolChannel;
  readonly #calls: ClientCalls;
  readonly #secrets: string[];
  readonly #streams = new ClientStreams();
  #events: ClientSessionEvent[] = [];
  #phase: RtmpPhase = 'handshake';
  #done = false;
  #peer = noCapabilities;
  #bandwidthChecked = false;
  #acknowledged = 0;

  constructor(options: ClientSessionOptions) {
    this.#options = options;
    this.#channel = new ProtocolChannel(this.#input, { onMessage: options.onMessage });
    this.#calls = new ClientCalls(this.#channel);
    this.#secrets = [...(options.secrets ?? [])];
    this.#handshake = new ClientHandshake(options.handshake);
    this.#channel.sendRaw(this.#handshake.hello);
  }

  /** 'handshake', 'connect', 'streaming' once the server has taken us, 'close' after `close`. */
  get phase(): RtmpPhase {
    return this.#phase;
  }

  /** True once the server has been seen to speak RTMP. */
  get serverSpokeRtmp(): boolean {
    return this.#handshake.serverSpokeRtmp;
  }

  /** What the server said of itself in its answer to connect. */
  get peer(): Capabilities {
    return this.#peer;
  }

  /** How many bytes there are in `drainOutput`. */
  get outputBytes(): number {
    return this.#channel.outputBytes;
  }

  /** What may be on its way to the peer. */
  get outputLimit(): OutputLimit {
    return this.#channel;
  }

  /** What is to be sent now, as pieces to be written together. */
  drainOutput(): Uint8Array[] {
    return this.#channel.drainOutput();
  }

  receive(bytes: Uint8Array): ClientSessionEvent[] {
    if (this.#done) return [];
    try {
      if (this.#phase === 'handshake') this.#continueHandshake(bytes);
      else this.#continueChannel(bytes);
    } catch (error) {
      this.#fail(protocolError(error, this.#phase));
    }
    const events = this.#events;
    this.#events = [];
    return events;
  }

  /** Asks for a stream; 'stream-started' or 'stream-ended' is the answer. Only while the phase is 'streaming'. */
  open(request: PublishRequest | PlayRequest): ClientStream {
    if (!this.#secrets.includes(request.streamKey)) this.#secrets.push(request.streamKey);
    const stream = new ClientStream(request, {
      channel: this.#channel,
      calls: this.#calls,
      secrets: this.#secrets,
      emit: (event) => {
        if (event.type === 'stream-ended') this.#streams.delete(event.stream);
        this.#events.push(event);
      },
      adopt: (adopted) => this.#streams.adopt(adopted),
    });
    this.#streams.add(stream);
    stream.open();
    return stream;
  }

  leave(stream: ClientStream): void {
    stream.leave();
    this.#streams.delete(stream);
  }

  /**
   * Calls a method of the server, RTMP 1.0 §7.2.1.2; 'answered' is the answer. Only while the phase is 'streaming'.
   *
   * @returns what the answer is known by.
   * @throws MalformedError when too many calls wait.
   */
  call(name: string, values: readonly AmfValue[]): number {
    const call = this.#calls.ask(0, name, [null, ...values], (isResult, answered) => {
      const answer = isResult ? answered.values : this.#callError(answered);
      this.#events.push({ type: 'answered', call, answer });
    });
    return call;
  }

  /** The answer to a call is no longer waited for. */
  forgetCall(call: number): void {
    this.#calls.forget(call);
  }

  /** @param timestamp any number of 32 bits; the pong brings it back. */
  ping(timestamp: number): void {
    this.#channel.send(userControl({ name: 'ping-request', timestamp }));
  }

  /** Leaves every stream in order; afterwards, once the output is sent, the connection can be closed. */
  close(): void {
    this.#streams.leaveAll();
    this.#phase = 'close';
    this.#done = true;
  }

  #continueHandshake(bytes: Uint8Array): void {
    this.#input.push(bytes);
    const step = this.#handshake.advance(this.#input);
    if (step.type === 'not-rtmp') {
      const { reason, firstByte } = step;
      const problem: RtmpProblem = step.problem;
      this.#fail(new RtmpError('not-rtmp', 'handshake', reason, { problem, firstByte }));
    } else if (step.type === 'done') {
      this.#channel.sendRaw(step.output);
      this.#enter('connect');
      this.#channel.send({ type: 'set-chunk-size', size: outChunkSize });
      this.#calls.ask(0, 'connect', [connectObject(this.#options)], (isResult, answer) => {
        if (isResult) this.#onConnected(answer);
        else this.#onRefused(answer);
      });
      this.#continueChannel(this.#input.read(this.#input.length));
    }
  }

  #continueChannel(bytes: Uint8Array): void {
    this.#channel.receive(bytes, (message) => {
      if (!this.#done) this.#onMessage(message);
    });
    const { acknowledged } = this.#channel;
    if (acknowledged === this.#acknowledged) return;
    if (this.#acknowledged === 0) {
      this.#channel.tellWindow(laterWindow);
    }
    this.#acknowledged = acknowledged;
    this.#events.push({ type: 'acknowledged', bytes: acknowledged });
  }

  #onMessage(message: Message): void {
    switch (message.type) {
      case 'command':
        this.#onCommand(message);
        return;
      case 'user-control':
        if (message.event.name === 'ping-response') {
          this.#events.push({ type: 'pong', timestamp: message.event.timestamp });
        } else if (message.event.name === 'stream-eof') {
          this.#streams.of(message.event.streamId)?.onEndOfFile();
        } else if (message.event.name === 'stream-is-recorded') {
          this.#streams.of(message.event.streamId)?.onRecorded();
        }
        return;
      case 'data':
      case 'audio':
      case 'video':
        this.#streams.of(message.streamId)?.onMedia(message);
        return;
      default:
      // The channel has applied it.
    }
  }

  #onCommand(command: CommandMessage): void {
    switch (command.name) {
      case '_result':
        this.#calls.answer(command);
        return;
      case '_error':
        if (command.transactionId === 0) this.#streams.of(command.streamId)?.onError(command);
        else this.#calls.answer(command);
        return;
      case 'onStatus':
        this.#onStatus(parseServerStatus(command.values, this.#secrets), command);
        return;
      case 'onBWDone':
        // Adobe's server measures the way to us unless it is answered; the result does not matter.
        if (!this.#bandwidthChecked) this.#calls.tell(0, '_checkbw', null);
        this.#bandwidthChecked = true;
        return;
      case 'close':
        this.#fail(new RtmpError('closed', this.#phase, 'the server said "close"'));
        return;
      default:
      // onFCPublish and the like: words without consequence.
    }
  }

  #onConnected({ values }: CommandMessage): void {
    // Servers declare themselves in the first object, the second, or both.
    const [properties = {}, information = {}] = values.filter(isAmfObject);
    this.#peer = parseCapabilities({ ...properties, ...information });
    this.#channel.tellWindow(firstWindow);
    this.#enter('streaming');
  }

  #onRefused({ values }: CommandMessage): void {
    const status = parseServerStatus(values, this.#secrets);
    this.#events.push({ type: 'status', status });
    this.#fail(statusError(status, this.#phase), remedyOf(values));
  }

  #onStatus(status: ServerStatus, { streamId, values }: CommandMessage): void {
    this.#events.push({ type: 'status', status });
    const remedy = remedyOf(values);
    if (status.code === 'NetConnection.Connect.ReconnectRequest') {
      const tcUrl = findInformation(values)?.['tcUrl'];
      this.#events.push({
        type: 'reconnect-request',
        tcUrl: typeof tcUrl === 'string' && tcUrl !== '' ? tcUrl : undefined,
        description: status.description,
      });
    } else if (remedy?.type === 'redirect' && isRefusal(status)) {
      // Of the whole connection, whenever it comes: SRS redirects in answer to publish and play.
      this.#fail(statusError(status, this.#phase, 'connect-rejected'), remedy);
    } else if (status.code.startsWith('NetConnection.')) {
      // What became of a call that nobody waits for, FCPublish and the like, is not the end of all.
      const isOfCall = status.code.startsWith('NetConnection.Call.');
      if (isRefusal(status) && !isOfCall) this.#fail(statusError(status, this.#phase));
    } else {
      const stream = this.#streams.of(streamId);
      if (stream !== undefined) stream.onStatus(status);
      else if (streamId === 0 && isRefusal(status)) this.#fail(statusError(status, this.#phase));
    }
  }

  #callError({ values }: CommandMessage): RtmpError {
    return statusError(parseServerStatus(values, this.#secrets), 'streaming', 'call-failed');
  }

  #enter(phase: RtmpPhase): void {
    this.#phase = phase;
    this.#events.push({ type: 'phase', phase });
  }

  #fail(error: RtmpError, remedy?: ConnectRemedy): void {
    this.#done = true;
    this.#events.push({ type: 'failed', error, ...(remedy !== undefined && { remedy }) });
  }
}
