import type { EncodedPacket } from 'node-rtmp-client';
import { aacConfiguration, avcConfiguration, avcConfigurationOf640 } from '../support/packets.js';

/** Milliseconds between two pictures: few, so that much time can be simulated. */
export const frameMs = 250;

/** What a frame says of itself, so that whoever receives it can tell what is missing. */
export interface FrameNumber {
  /** Within its track, from 0. */
  readonly index: number;
  /** How often the encoder was started anew before it. */
  readonly encoder: number;
  /** Whether later pictures are decoded from it. */
  readonly isReference: boolean;
}

const numbers = new WeakMap<Uint8Array, FrameNumber>();

/** @throws Error where it is no frame of the model. */
export function numberOf({ payload }: EncodedPacket): FrameNumber {
  const number = numbers.get(payload);
  if (!number) throw new Error('a packet that no source gave');
  return number;
}

const nal = { keyframe: 0x65, reference: 0x41, disposable: 0x01 };

function videoPayload(kind: keyof typeof nal): Uint8Array {
  const payload = new Uint8Array(24);
  new DataView(payload.buffer).setUint32(0, payload.length - 4);
  payload[4] = nal[kind];
  return payload;
}

export function videoFrame(ms: number, kind: keyof typeof nal, number: FrameNumber): EncodedPacket {
  const payload = videoPayload(kind);
  numbers.set(payload, number);
  const [pts, dts] = [ms * 1000, ms * 1000];
  const keyframe = kind === 'keyframe';
  return { type: 'frame', track: 'video', codec: 'h264', keyframe, pts, dts, payload };
}

export function audioFrame(ms: number, number: FrameNumber): EncodedPacket {
  const payload = new Uint8Array(8);
  numbers.set(payload, number);
  const [pts, dts] = [ms * 1000, ms * 1000];
  return { type: 'frame', track: 'audio', codec: 'aac', keyframe: true, pts, dts, payload };
}

/** Two encoders after each other never make the same. */
const configurations = [avcConfiguration, avcConfigurationOf640] as const;

export function videoConfig(ms: number, encoder: number): EncodedPacket {
  const payload = Uint8Array.from(configurations[encoder % 2] ?? avcConfiguration);
  numbers.set(payload, { index: -1, encoder, isReference: true });
  const [pts, dts] = [ms * 1000, ms * 1000];
  return { type: 'config', track: 'video', codec: 'h264', keyframe: true, pts, dts, payload };
}

export function audioConfig(ms: number, encoder: number): EncodedPacket {
  const payload = Uint8Array.from(aacConfiguration);
  numbers.set(payload, { index: -1, encoder, isReference: true });
  const [pts, dts] = [ms * 1000, ms * 1000];
  return { type: 'config', track: 'audio', codec: 'aac', keyframe: true, pts, dts, payload };
}
