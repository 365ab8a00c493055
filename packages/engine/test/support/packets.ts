import type { EncodedPacket } from 'node-rtmp-client';

const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));

/** avcC of a real 320×180 stream by x264, constrained baseline. */
export const avcConfiguration = hex(
  '0142c00cffe100196742c00cd901419f9f011000000300100000030320f142a48001000568cb83cb20',
);

/** The same of 640×360, by its high profile. */
export const avcConfigurationOf640 = hex(
  '0164001effe1001a6764001eacd940a02ff97011000003000100000300320f162d9601000668ebe3cb22c0fdf8f800',
);

/** AAC-LC, 48 kHz, stereo. */
export const aacConfiguration = hex('1190');

export const videoConfig = (ms = 0): EncodedPacket => ({
  type: 'config',
  track: 'video',
  codec: 'h264',
  keyframe: true,
  pts: ms * 1000,
  dts: ms * 1000,
  payload: avcConfiguration,
});

export const audioConfig = (ms = 0): EncodedPacket => ({
  type: 'config',
  track: 'audio',
  codec: 'aac',
  keyframe: true,
  pts: ms * 1000,
  dts: ms * 1000,
  payload: aacConfiguration,
});

export const videoFrame = (ms: number, keyframe = false, bytes = 100): EncodedPacket => ({
  type: 'frame',
  track: 'video',
  codec: 'h264',
  keyframe,
  pts: ms * 1000,
  dts: ms * 1000,
  payload: lengthPrefixed(keyframe ? 0x65 : 0x41, bytes),
});

export const audioFrame = (ms: number, bytes = 20): EncodedPacket => ({
  type: 'frame',
  track: 'audio',
  codec: 'aac',
  keyframe: true,
  pts: ms * 1000,
  dts: ms * 1000,
  payload: new Uint8Array(bytes),
});

function lengthPrefixed(header: number, bytes: number): Uint8Array {
  const payload = new Uint8Array(bytes);
  new DataView(payload.buffer).setUint32(0, bytes - 4);
  payload[4] = header;
  return payload;
}
