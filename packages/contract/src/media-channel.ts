import type { FrameAccount } from './frame-account.js';

/**
 * The media channel: bytes between renderer and engine, apart from the procedures.
 *
 * Neither a MessagePort nor a browser's WebSocket makes a sender wait, so the channel has credits: the engine grants bytes,
 * and a sender that has spent them waits. In the other direction there are only the preview and the monitor, one
 * picture of each in flight, and small control messages, which need no credits.
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
 * A preview, or a monitor's picture, has its peak level, dBFS or -Infinity for silence, in the place of pts; an account its milliseconds there,
 * and as payload six u32: offered, surplus, lost in reading, encoder and channel, encoded.
 */

const headerBytes = 24;
/** Six running totals of 32 bits. */
const accountBytes = 24;

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
  /** What became of the device's frames so far. */
  | { readonly type: 'account'; readonly account: FrameAccount }
  /** The sender has nothing more for this broadcast. */
  | { readonly type: 'end' }
  /** Engine to renderer: this many more bytes may be sent. */
  | { readonly type: 'credit'; readonly bytes: number }
  /** Engine to renderer: a JPEG of what ffmpeg captures, and how loud it has been since the one before, in dBFS. */
  | { readonly type: 'preview'; readonly peakDb: number; readonly payload: Uint8Array }
  /** Renderer to engine: the preview has been shown; the next may come. */
  | { readonly type: 'preview-shown' }
  /** Engine to renderer: as a preview, of what is pulled back from a destination. */
  | { readonly type: 'monitor'; readonly peakDb: number; readonly payload: Uint8Array }
  /** Renderer to engine: the picture of the monitor has been shown; the next may come. */
  | { readonly type: 'monitor-shown' }
  | ControlMessage;

/** Engine to renderer: what the encoder that fills the channel is asked for. One that cannot obey ignores it. */
export type ControlMessage =
  /** Encode the picture at this many bits per second from now on; up to 32 bits. */
  | { readonly type: 'set-video-bitrate'; readonly bitrate: number }
  /** Make the next frame a keyframe. */
  | { readonly type: 'request-keyframe' };

type ChannelType = ChannelMessage['type'];

const typeNumbers: Record<ChannelType, number> = {
  config: 1,
  frame: 2,
  container: 3,
  account: 4,
  end: 5,
  credit: 6,
  preview: 7,
  'preview-shown': 8,
  begin: 9,
  'set-video-bitrate': 10,
  'request-keyframe': 11,
  monitor: 12,
  'monitor-shown': 13,
};

const typesByNumber = new Map(
  Object.entries(typeNumbers).map(([type, number]) => [number, type as ChannelType]),
);

type WithoutPayload<Message> = Message extends unknown ? Omit<Message, 'payload'> : never;

/** All of a message but its payload. */
export type ChannelMessageHeader = WithoutPayload<ChannelMessage>;

/** A message with room for a payload of this many bytes, which the caller writes into {@link payloadOf} it. */
export function allocateChannelMessage(
  header: ChannelMessageHeader,
  payloadBytes: number,
): Uint8Array<ArrayBuffer> {
  const ownBytes = header.type === 'account' ? accountBytes : 0;
  const bytes = new Uint8Array(headerBytes + ownBytes + payloadBytes);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, typeNumbers[header.type]);
  if ('track' in header) view.setUint8(1, header.track === 'audio' ? 1 : 0);
  if (header.type === 'frame') {
    view.setUint8(2, header.keyframe ? 1 : 0);
    view.setFloat64(8, header.pts);
    view.setFloat64(16, header.dts);
  }
  if (header.type === 'preview' || header.type === 'monitor') view.setFloat64(8, header.peakDb);
  if (header.type === 'begin') view.setUint32(4, header.captureId);
  if (header.type === 'account') writeAccount(view, header.account);
  if (header.type === 'credit') view.setUint32(4, header.bytes);
  if (header.type === 'set-video-bitrate') view.setUint32(4, header.bitrate);
  return bytes;
}

/** The place of the payload within a message's bytes. */
export const payloadOf = (bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> =>
  bytes.subarray(headerBytes);

/** Writes a message. The payload is copied, since the message goes out as one piece. */
export function serializeChannelMessage(message: ChannelMessage): Uint8Array<ArrayBuffer> {
  if (!('payload' in message)) return allocateChannelMessage(message, 0);
  const bytes = allocateChannelMessage(message, message.payload.byteLength);
  payloadOf(bytes).set(message.payload);
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
    case 'preview':
    case 'monitor': {
      const peakDb = view.getFloat64(8);
      return { type, peakDb: Number.isNaN(peakDb) ? -Infinity : peakDb, payload };
    }
    case 'begin':
      return { type, captureId: view.getUint32(4) };
    case 'account': {
      const account = parseAccount(view);
      return account && { type, account };
    }
    case 'credit':
      return { type, bytes: view.getUint32(4) };
    case 'set-video-bitrate':
      return { type, bitrate: view.getUint32(4) };
    case 'end':
    case 'preview-shown':
    case 'monitor-shown':
    case 'request-keyframe':
      return { type };
  }
}

function writeAccount(view: DataView, account: FrameAccount): void {
  const { elapsedMs, offered, surplus, lost, encoded } = account;
  view.setFloat64(8, elapsedMs);
  [offered, surplus, lost.reading, lost.encoder, lost.channel, encoded].forEach((frames, index) =>
    view.setUint32(headerBytes + index * 4, frames),
  );
}

function parseAccount(view: DataView): FrameAccount | undefined {
  const elapsedMs = view.getFloat64(8);
  if (view.byteLength < headerBytes + accountBytes || !(elapsedMs >= 0)) return undefined;
  const total = (index: number): number => view.getUint32(headerBytes + index * 4);
  return {
    ...{ elapsedMs, offered: total(0), surplus: total(1) },
    lost: { reading: total(2), encoder: total(3), channel: total(4) },
    encoded: total(5),
  };
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
