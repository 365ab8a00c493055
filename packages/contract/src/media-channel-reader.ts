import { Notifier } from 'node-rtmp-client/async';
import {
  initialChannelCredits,
  parseChannelMessage,
  serializeChannelMessage,
  type ChannelMessage,
  type ChannelPort,
  type ControlMessage,
} from './media-channel.js';

/** Pictures for the window to show, of which the next goes out when the one before was shown. */
type PictureType = 'preview' | 'monitor';

/** What the renderer sends for a broadcast. */
export type InboundChannelMessage = Exclude<
  ChannelMessage,
  { type: 'credit' | PictureType | `${PictureType}-shown` } | ControlMessage
>;

function isInbound(message: ChannelMessage): message is InboundChannelMessage {
  switch (message.type) {
    case 'begin':
    case 'config':
    case 'frame':
    case 'container':
    case 'account':
    case 'end':
      return true;
    case 'credit':
    case 'preview':
    case 'preview-shown':
    case 'monitor':
    case 'monitor-shown':
    case 'set-video-bitrate':
    case 'request-keyframe':
      return false;
  }
}

/** Credits go back in pieces of at least this many bytes, so that they do not double the number of messages. */
const creditGrain = 256 * 1024;

interface Queued {
  readonly message: InboundChannelMessage;
  readonly bytes: number;
}

/**
 * The engine's end of the channel. Messages wait in a queue, which the credits bound, until somebody reads them; reading
 * is what grants the renderer more.
 */
export class MediaChannelReader {
  readonly #port: ChannelPort;
  readonly #queue: Queued[] = [];
  #queuedBytes = 0;
  #owed = 0;
  #closed = false;
  readonly #inFlight = { preview: false, monitor: false };
  /** The loudest since the last picture of the monitor that went out. */
  #monitorPeakDb = -Infinity;
  readonly #changed = new Notifier();
  readonly #closeListeners = new Set<() => void>();

  constructor(port: ChannelPort) {
    this.#port = port;
    port.onMessage(this.#receive);
    port.onClose(() => this.#end());
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Calls `listener` once when the channel is closed, at once if it is already. Returns how to unsubscribe. */
  onClose(listener: () => void): () => void {
    if (this.#closed) listener();
    else this.#closeListeners.add(listener);
    return () => this.#closeListeners.delete(listener);
  }

  /**
   * The next message, or `undefined` when the channel is closed or `signal` is aborted. One reader at a time.
   */
  async read(signal: AbortSignal): Promise<InboundChannelMessage | undefined> {
    while (!signal.aborted) {
      const next = this.#queue.shift();
      if (next) {
        this.#consumed(next);
        return next.message;
      }
      if (this.#closed) return undefined;
      await this.#changed.wait(signal);
    }
    return undefined;
  }

  /** Shows a JPEG in the window, and how loud it is: a peak in dBFS. Dropped while the one before is still on its way: a preview is never queued. */
  sendPreview(jpeg: Uint8Array, peakDb: number): void {
    this.#sendPicture('preview', jpeg, peakDb);
  }

  /** As {@link sendPreview}, of what a monitor gets; no sound is lost with a picture that is dropped. */
  sendMonitor(jpeg: Uint8Array, peakDb: number): void {
    this.#monitorPeakDb = Math.max(this.#monitorPeakDb, peakDb);
    if (this.#sendPicture('monitor', jpeg, this.#monitorPeakDb)) this.#monitorPeakDb = -Infinity;
  }

  /** Asks something of the window's encoder. Nothing happens when the channel is closed. */
  sendControl(message: ControlMessage): void {
    if (!this.#closed) this.#port.send(serializeChannelMessage(message));
  }

  close(): void {
    this.#port.close();
    this.#end();
  }

  readonly #receive = (bytes: Uint8Array): void => {
    if (this.#closed) return;
    const message = parseChannelMessage(bytes);
    if (message?.type === 'preview-shown' || message?.type === 'monitor-shown') {
      this.#inFlight[message.type === 'preview-shown' ? 'preview' : 'monitor'] = false;
      return;
    }
    const overdrawn = this.#queuedBytes > 2 * initialChannelCredits;
    if (!message || !isInbound(message) || overdrawn) {
      // A renderer that breaks the protocol, or sends without credits, is cut off: its memory is ours.
      this.close();
      return;
    }
    this.#queue.push({ message, bytes: bytes.byteLength });
    this.#queuedBytes += bytes.byteLength;
    this.#changed.notify();
  };

  #sendPicture(type: PictureType, jpeg: Uint8Array, peakDb: number): boolean {
    if (this.#inFlight[type] || this.#closed) return false;
    this.#inFlight[type] = true;
    this.#port.send(serializeChannelMessage({ type, peakDb, payload: jpeg }));
    return true;
  }

  #consumed({ bytes }: Queued): void {
    this.#queuedBytes -= bytes;
    this.#owed += bytes;
    if (this.#owed < creditGrain || this.#closed) return;
    this.#port.send(serializeChannelMessage({ type: 'credit', bytes: this.#owed }));
    this.#owed = 0;
  }

  #end(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#changed.notify();
    for (const listener of this.#closeListeners) listener();
    this.#closeListeners.clear();
  }
}
