import type { ByteQueue } from '../bytes/byte-queue.js';
import { defaultChunkSize } from '../chunk/chunk-message.js';
import { ChunkReader, type ChunkReaderLimits } from '../chunk/chunk-reader.js';
import { ChunkWriter } from '../chunk/chunk-writer.js';
import { parseMessages, serializeMessage, type Message } from '../message/message.js';
import type { SetPeerBandwidthMessage } from '../message/set-peer-bandwidth.js';
import { userControl } from '../message/user-control.js';
import type { MessageListener } from './message-listener.js';
import { counterStep } from './timestamp-unwrapper.js';

/** Below the limits of all servers (nginx-rtmp takes 10 MiB, SRS 64 KiB), and few frames need a second chunk. */
export const outChunkSize = 60_000;
/** Acknowledging more seldom than this makes some peers stop sending; many never name a window. */
const defaultWindow = 2_500_000;
const maxWindow = 0x40000000;
/** Less than a chunk on its way at a time is nonsense: nothing would ever leave. */
const minBandwidth = defaultChunkSize;
/** Peers count what was sent before the first message, too. */
const handshakeBytes = 3073;

/** How much a peer lets be on its way to it, RTMP 1.0 §5.4.5. */
export interface OutputLimit {
  /** Whether the peer has asked not to be sent more until it acknowledges what is on its way. */
  readonly isHeldUp: boolean;
  /** Bytes that the peer says it has received. */
  readonly acknowledged: number;
  /** Holds nothing up any more, for a peer that does not keep to what it asked for. */
  forget(): void;
}

/**
 * What both ends do alike once the handshake is over: chunks, acknowledgements, answers to pings. No sockets: bytes go
 * in, messages come out, and what is to be sent waits in `drainOutput`.
 */
export class ProtocolChannel implements OutputLimit {
  readonly #input: ByteQueue;
  readonly #reader: ChunkReader;
  readonly #onMessage: MessageListener | undefined;
  readonly #writer = new ChunkWriter();
  #output: Uint8Array[] = [];
  #outputBytes = 0;
  #received = 0;
  #acknowledgedToPeer = 0;
  #window = defaultWindow;
  /** The window that the peer was told last. */
  #toldWindow: number | undefined;
  #sent = 0;
  /** What the peer lets be on its way, and whether it said so as "hard". */
  #bandwidth: { readonly size: number; readonly isHard: boolean } | undefined;
  #limitIsForgotten = false;
  #peerSequence = 0;
  #acknowledged = 0;

  /** Whether data is parsed; what comes before is passed over. */
  takesData = true;

  /** @param input an empty queue, into which `receive` puts the bytes. */
  constructor(
    input: ByteQueue,
    {
      limits,
      onMessage,
    }: {
      readonly limits?: ChunkReaderLimits | undefined;
      readonly onMessage?: MessageListener | undefined;
    } = {},
  ) {
    this.#input = input;
    this.#onMessage = onMessage;
    this.#reader = new ChunkReader(input, limits);
  }

  /** Bytes that the peer says it has received. */
  get acknowledged(): number {
    return this.#acknowledged;
  }

  /**
   * Whether more is on its way to the peer than it allowed, §5.4.5. Only peers that have acknowledged before are waited
   * for: some never do.
   */
  get isHeldUp(): boolean {
    return (
      this.#bandwidth !== undefined &&
      !this.#limitIsForgotten &&
      this.#acknowledged > 0 &&
      this.#sent - this.#acknowledged > this.#bandwidth.size
    );
  }

  /** The limit is kept only for the window that the peer is told; time is for others to measure. */
  forget(): void {
    this.#limitIsForgotten = true;
  }

  /**
   * Takes received bytes; calls `onMessage` for each message that they complete, in order.
   *
   * @throws MalformedError
   */
  receive(bytes: Uint8Array, onMessage: (message: Message) => void): void {
    this.#input.push(bytes);
    this.#received += bytes.length;
    for (let chunk = this.#reader.next(); chunk !== undefined; chunk = this.#reader.next()) {
      if (this.#onMessage !== undefined) {
        this.#onMessage({ direction: 'received', ...chunk, payload: [chunk.payload] });
      }
      for (const message of parseMessages(chunk, this.takesData)) {
        this.#apply(message);
        onMessage(message);
      }
    }
    // Half the window, so that the peer never runs dry waiting.
    if (this.#received - this.#acknowledgedToPeer >= this.#window / 2) {
      this.#acknowledgedToPeer = this.#received;
      this.send({ type: 'acknowledgement', sequenceNumber: this.#received >>> 0 });
    }
  }

  send(message: Message): void {
    const outgoing = serializeMessage(message);
    if (this.#onMessage !== undefined) this.#onMessage({ direction: 'sent', ...outgoing });
    const bytes = this.#writer.write(outgoing, this.#output);
    this.#outputBytes += bytes;
    this.#sent += bytes;
    if (message.type === 'set-chunk-size') this.#writer.chunkSize = message.size;
    if (message.type === 'window-acknowledgement-size') this.#toldWindow = message.size;
  }

  /** Whether somebody is told of every message. */
  get isTraced(): boolean {
    return this.#onMessage !== undefined;
  }

  /** Sends chunks that were written elsewhere, in chunks of the size that the peer was told. */
  sendChunks(bytes: Uint8Array, writer: ChunkWriter): void {
    this.#output.push(bytes);
    this.#outputBytes += bytes.length;
    this.#sent += bytes.length;
    this.#writer.continueAfter(writer);
  }

  /** Asks for acknowledgements after so many bytes, or sooner when the peer lets less be on its way. */
  tellWindow(size: number): void {
    const told = Math.min(size, this.#bandwidth?.size ?? size);
    this.send({ type: 'window-acknowledgement-size', size: told });
  }

  /** Puts bytes that are no message (the handshake's) among what is to be sent. */
  sendRaw(bytes: Uint8Array): void {
    this.#output.push(bytes);
    this.#outputBytes += bytes.length;
  }

  /** How many bytes there are in `drainOutput`. */
  get outputBytes(): number {
    return this.#outputBytes;
  }

  /** What is to be sent now, in order, as pieces to be written together. */
  drainOutput(): Uint8Array[] {
    const output = this.#output;
    this.#output = [];
    this.#outputBytes = 0;
    return output;
  }

  /** Protocol control, RTMP 1.0 §5.4, and pings, §7.1.7. */
  #apply(message: Message): void {
    switch (message.type) {
      case 'set-chunk-size':
        this.#reader.chunkSize = message.size;
        return;
      case 'abort':
        this.#reader.abort(message.chunkStreamId);
        return;
      case 'acknowledgement':
        this.#onAcknowledgement(message.sequenceNumber);
        return;
      case 'window-acknowledgement-size':
        this.#window = Math.min(Math.max(message.size, 1), maxWindow);
        return;
      case 'set-peer-bandwidth':
        if (message.size < minBandwidth) return;
        this.#limit(message);
        // §5.4.5 asks for an answer.
        if (this.#toldWindow !== message.size) this.tellWindow(message.size);
        return;
      case 'user-control':
        if (message.event.name === 'ping-request') {
          const { timestamp } = message.event;
          this.send(userControl({ name: 'ping-response', timestamp }));
        }
        return;
      default:
    }
  }

  #limit({ size, limit }: SetPeerBandwidthMessage): void {
    const current = this.#bandwidth;
    if (limit === 'hard' || (limit === 'dynamic' && current?.isHard === true)) {
      this.#bandwidth = { size, isHard: true };
    } else if (limit === 'soft') {
      this.#bandwidth = { size: Math.min(size, current?.size ?? size), isHard: false };
    }
  }

  #onAcknowledgement(sequenceNumber: number): void {
    const step = counterStep(this.#peerSequence, sequenceNumber);
    // More than half the range is a step back: nonsense, not progress.
    if (step >= 0x80000000) return;
    this.#peerSequence = sequenceNumber;
    const most = this.#sent + handshakeBytes;
    // Some servers begin at 0 again long before 2^32, which looks like a leap.
    const isReset = this.#acknowledged + step > most;
    this.#acknowledged = Math.min(most, this.#acknowledged + (isReset ? sequenceNumber : step));
  }
}
