import { appError, type AppError } from './app-error.js';
import {
  initialChannelCredits,
  parseChannelMessage,
  serializeChannelMessage,
  type ChannelMessage,
  type ChannelPort,
  type ControlMessage,
} from './media-channel.js';

type PictureMessage = Extract<ChannelMessage, { type: 'preview' | 'monitor' }>;

/** @param peakDb how loud it has been since the preview before: dBFS, -Infinity for silence. */
export type PreviewListener = (jpeg: Uint8Array, peakDb: number) => Promise<void> | void;

export type ControlListener = (message: ControlMessage) => void;

interface WaitingWrite {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** The renderer's end of the channel. */
export class MediaChannelWriter {
  #credits = initialChannelCredits;
  readonly #waiting: WaitingWrite[] = [];
  #closed = false;
  readonly #port: ChannelPort;
  readonly #onPicture: Readonly<Record<PictureMessage['type'], PreviewListener>>;
  readonly #controlListeners = new Set<ControlListener>();

  constructor(
    port: ChannelPort,
    /** Called with each preview picture; the next comes when the returned promise has settled. */
    onPreview: PreviewListener = () => undefined,
    /** The same of the monitor's pictures. */
    onMonitor: PreviewListener = () => undefined,
  ) {
    this.#port = port;
    this.#onPicture = { preview: onPreview, monitor: onMonitor };
    port.onMessage((bytes) => {
      const message = parseChannelMessage(bytes);
      if (message) this.#receive(message);
    });
    port.onClose(() => this.#close());
  }

  /** Bytes that may be sent without waiting; below zero after one message that was larger than what was left. */
  get credits(): number {
    return this.#credits;
  }

  /** Calls `listener` with what the engine asks of the encoder. Returns how to stop listening. */
  onControl(listener: ControlListener): () => void {
    this.#controlListeners.add(listener);
    return () => this.#controlListeners.delete(listener);
  }

  /**
   * Sends a message, in the order of the calls. The promise is the back-pressure: it is fulfilled when the message is
   * on its way, and rejected when the channel is closed.
   */
  write(message: ChannelMessage): Promise<void> {
    return this.writeSerialized(serializeChannelMessage(message));
  }

  /** Like {@link write}, with the bytes of a message, which are sent as they are. */
  writeSerialized(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    if (this.#closed) return Promise.reject(closedError());
    if (this.#waiting.length === 0 && this.#credits > 0) {
      this.#send(bytes);
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ bytes, resolve, reject });
    });
  }

  #receive(message: ChannelMessage): void {
    if (message.type === 'credit') this.#grant(message.bytes);
    if (message.type === 'preview' || message.type === 'monitor') void this.#show(message);
    if (message.type === 'set-video-bitrate' || message.type === 'request-keyframe') {
      for (const listener of this.#controlListeners) listener(message);
    }
  }

  #send(bytes: Uint8Array<ArrayBuffer>): void {
    this.#credits -= bytes.byteLength;
    this.#port.send(bytes);
  }

  #grant(bytes: number): void {
    this.#credits += bytes;
    while (this.#credits > 0) {
      const next = this.#waiting.shift();
      if (!next) return;
      this.#send(next.bytes);
      next.resolve();
    }
  }

  async #show({ type, payload, peakDb }: PictureMessage): Promise<void> {
    try {
      await this.#onPicture[type](payload, peakDb);
    } catch {
      // A picture that cannot be shown must not be the last one that is asked for.
    }
    if (!this.#closed) this.#port.send(serializeChannelMessage({ type: `${type}-shown` }));
  }

  #close(): void {
    this.#closed = true;
    for (const { reject } of this.#waiting.splice(0)) reject(closedError());
  }
}

/** Whoever closed it, nobody encodes for an engine that cannot be reached. */
const closedError = (): AppError => appError('ENGINE_GONE');
