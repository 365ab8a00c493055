/**
 * The media channel: bytes between renderer and engine, apart from the procedures.
 *
 * Neither a MessagePort nor a browser's WebSocket makes a sender wait, so the channel has credits: the engine grants bytes,
 * and a sender that has spent them waits. In the other direction there is only the preview, one frame in flight.
 *
 * Every message starts with 24 bytes, big-endian:
 *
 * ```text
 *  0      1       2       3         4            8             16            24
 *  +------+-------+-------+---------+------------+-------------+-------------+---------
 *  | type | track | flags | 0       | number u32 | pts f64 µs  | dts f64 µs  | payload …
 *  +------+-------+-------+---------+------------+-------------+-------------+---------
 * ```
 *
 * A preview has its peak level, dBFS or -Infinity for silence, in the place of pts.
 */

const headerBytes = 24;

/** No message on the channel may be larger than this many bytes: a 4K keyframe fits several times. */
export const maxChannelMessageBytes = 16 * 1024 * 1024;

/** What the engine grants a fresh channel: about ten seconds of 6 Mbit/s. */
export const initialChannelCredits = 8 * 1024 * 1024;

export type Track = 'video' | 'audio';

export type ChannelMessage =
  /**
   * The first message for a broadcast, with the number that its start named: what was still on its way for the one
   * before is thrown away up to here.
   */
  | { readonly type: 'begin'; readonly captureId: number }
  /** The decoder configuration of a track: avcC or AudioSpecificConfig. */
  | { readonly type: 'config'; readonly track: Track; readonly payload: Uint8Array }
  /** A coded frame: length-prefixed H.264 (ISO/IEC 14496-15) or raw AAC. Times in microseconds. */
  | {
      readonly type: 'frame';
      readonly track: Track;
      readonly keyframe: boolean;
      readonly pts: number;
      readonly dts: number;
      readonly payload: Uint8Array;
    }
  /** A piece of the Matroska file that MediaRecorder writes. */
  | { readonly type: 'container'; readonly payload: Uint8Array }
  /** Frames that capture or encoder lost, as a running total. */
  | { readonly type: 'dropped'; readonly frames: number }
  /** The sender has nothing more for this broadcast. */
  | { readonly type: 'end' }
  /** Engine to renderer: this many more bytes may be sent. */
  | { readonly type: 'credit'; readonly bytes: number }
  /** Engine to renderer: a JPEG of what ffmpeg captures, and how loud it has been since the one before, in dBFS. */
  | { readonly type: 'preview'; readonly peakDb: number; readonly payload: Uint8Array }
  /** Renderer to engine: the preview has been shown; the next may come. */
  | { readonly type: 'preview-shown' };

type PreviewMessage = Extract<ChannelMessage, { type: 'preview' }>;

/** @param peakDb how loud it has been since the preview before: dBFS, -Infinity for silence. */
export type PreviewListener = (jpeg: Uint8Array, peakDb: number) => Promise<void> | void;

type ChannelType = ChannelMessage['type'];

const typeNumbers: Record<ChannelType, number> = {
  config: 1,
  frame: 2,
  container: 3,
  dropped: 4,
  end: 5,
  credit: 6,
  preview: 7,
  'preview-shown': 8,
  begin: 9,
};

const typesByNumber = new Map(
  Object.entries(typeNumbers).map(([type, number]) => [number, type as ChannelType]),
);

/** Writes a message. The payload is copied once: both transports copy anyway, and a view must not be detached. */
export function serializeChannelMessage(message: ChannelMessage): Uint8Array<ArrayBuffer> {
  const payload = 'payload' in message ? message.payload : undefined;
  const bytes = new Uint8Array(headerBytes + (payload?.byteLength ?? 0));
  const view = new DataView(bytes.buffer);
  view.setUint8(0, typeNumbers[message.type]);
  if ('track' in message) view.setUint8(1, message.track === 'audio' ? 1 : 0);
  if (message.type === 'frame') {
    view.setUint8(2, message.keyframe ? 1 : 0);
    view.setFloat64(8, message.pts);
    view.setFloat64(16, message.dts);
  }
  if (message.type === 'preview') view.setFloat64(8, message.peakDb);
  if (message.type === 'begin') view.setUint32(4, message.captureId);
  if (message.type === 'dropped') view.setUint32(4, message.frames);
  if (message.type === 'credit') view.setUint32(4, message.bytes);
  if (payload) bytes.set(payload, headerBytes);
  return bytes;
}

/** Reads a message; its payload is a view of `bytes`. Returns `undefined` for anything that is not one. */
export function parseChannelMessage(bytes: Uint8Array): ChannelMessage | undefined {
  if (bytes.byteLength < headerBytes || bytes.byteLength > maxChannelMessageBytes) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const type = typesByNumber.get(view.getUint8(0));
  const track: Track = view.getUint8(1) === 1 ? 'audio' : 'video';
  const payload = bytes.subarray(headerBytes);
  switch (type) {
    case undefined:
      return undefined;
    case 'config':
      return { type, track, payload };
    case 'frame': {
      const pts = view.getFloat64(8);
      const dts = view.getFloat64(16);
      if (!Number.isFinite(pts) || !Number.isFinite(dts)) return undefined;
      return { type, track, keyframe: (view.getUint8(2) & 1) === 1, pts, dts, payload };
    }
    case 'container':
      return { type, payload };
    case 'preview': {
      const peakDb = view.getFloat64(8);
      return { type, peakDb: Number.isNaN(peakDb) ? -Infinity : peakDb, payload };
    }
    case 'begin':
      return { type, captureId: view.getUint32(4) };
    case 'dropped':
      return { type, frames: view.getUint32(4) };
    case 'credit':
      return { type, bytes: view.getUint32(4) };
    case 'end':
    case 'preview-shown':
      return { type };
  }
}

/** What a transport must offer: whole messages, in order, both ways. */
export interface ChannelPort {
  send(bytes: Uint8Array<ArrayBuffer>): void;
  /** Called with each message that arrives. */
  onMessage(listener: (bytes: Uint8Array) => void): void;
  /** Called once, when the other side is gone. */
  onClose(listener: () => void): void;
  close(): void;
}

interface WaitingWrite {
  readonly message: ChannelMessage;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** The renderer's end of the channel. */
export class MediaChannelWriter {
  #credits = initialChannelCredits;
  readonly #waiting: WaitingWrite[] = [];
  #closed = false;
  readonly #port: ChannelPort;
  readonly #onPreview: PreviewListener;

  constructor(
    port: ChannelPort,
    /** Called with each preview picture; the next comes when the returned promise has settled. */
    onPreview: PreviewListener = () => undefined,
  ) {
    this.#port = port;
    this.#onPreview = onPreview;
    port.onMessage((bytes) => {
      const message = parseChannelMessage(bytes);
      if (message?.type === 'credit') this.#grant(message.bytes);
      if (message?.type === 'preview') void this.#showPreview(message);
    });
    port.onClose(() => this.#close());
  }

  /** Bytes that may be sent without waiting; below zero after one message that was larger than what was left. */
  get credits(): number {
    return this.#credits;
  }

  /**
   * Sends a message, in the order of the calls. The promise is the back-pressure: it is fulfilled when the message is
   * on its way, and rejected when the channel is closed.
   */
  write(message: ChannelMessage): Promise<void> {
    if (this.#closed) return Promise.reject(closedError());
    if (this.#waiting.length === 0 && this.#credits > 0) {
      this.#send(message);
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ message, resolve, reject });
    });
  }

  #send(message: ChannelMessage): void {
    const bytes = serializeChannelMessage(message);
    this.#credits -= bytes.byteLength;
    this.#port.send(bytes);
  }

  #grant(bytes: number): void {
    this.#credits += bytes;
    while (this.#credits > 0) {
      const next = this.#waiting.shift();
      if (!next) return;
      this.#send(next.message);
      next.resolve();
    }
  }

  async #showPreview({ payload, peakDb }: PreviewMessage): Promise<void> {
    try {
      await this.#onPreview(payload, peakDb);
    } catch {
      // A picture that cannot be shown must not be the last one that is asked for.
    }
    if (!this.#closed) this.#port.send(serializeChannelMessage({ type: 'preview-shown' }));
  }

  #close(): void {
    this.#closed = true;
    for (const { reject } of this.#waiting.splice(0)) reject(closedError());
  }
}

const closedError = (): Error => new Error('the media channel is closed');
