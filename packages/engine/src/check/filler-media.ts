import { randomFillSync } from 'node:crypto';
import { buildAudioSpecificConfig, type EncodedPacket } from 'node-rtmp-client';

/** A black picture of 320×180 in H.264 (Baseline), as x264 encodes it: parameter sets and two kinds of the same picture. */
const sps = Buffer.from('Z0LADdwUGfnwEQAAAwABAAADADwPFCuA', 'base64');
const pps = Buffer.from('aM4PLIA=', 'base64');
const pictures = [
  Buffer.from(
    [
      'ZYiEBLyYoAA4oycnJycnJycnJycnJycnJycnJydddddddddddddddddddddddddddddddddddddddddddddddddddddddddd',
      'dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd',
      'ddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddeA',
    ].join(''),
    'base64',
  ),
  Buffer.from(
    [
      'ZYiCAR8mKAANiMnJycnJycnJycnJycnJycnJycnXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX',
      'XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX',
      'XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXg',
    ].join(''),
    'base64',
  ),
];
/** AAC-LC, 48 kHz, stereo: a frame that holds nothing. */
const sound = { sampleRate: 48_000, samples: 1024 };
const silence = Uint8Array.of(0x21, 0x00, 0x49, 0x90, 0x02, 0x19, 0x00, 0x23, 0x80);

/** NAL unit type 12 (ITU-T H.264 §7.3.2.7): what decoders skip. */
const fillerType = 0x0c;
/** Of bytes that no line and no proxy can shrink. Each is above 0, so that nothing in them looks like a start code. */
const noise = randomFillSync(new Uint8Array(256 * 1024)).map((byte) => byte || 1);

/** The most that one frame is filled with: some servers end connections for messages of a megabyte. */
export const mostFiller = noise.length;

export const fillerConfigs: readonly EncodedPacket[] = [
  {
    ...{ track: 'video', codec: 'h264', type: 'config', keyframe: true, pts: 0, dts: 0 },
    payload: Buffer.concat([
      Uint8Array.of(1, sps[1] ?? 0, sps[2] ?? 0, sps[3] ?? 0, 0xff, 0xe1, 0, sps.length),
      sps,
      Uint8Array.of(1, 0, pps.length),
      pps,
    ]),
  },
  {
    ...{ track: 'audio', codec: 'aac', type: 'config', keyframe: true, pts: 0, dts: 0 },
    payload: buildAudioSpecificConfig({ objectType: 2, sampleRate: sound.sampleRate, channels: 2 }),
  },
];

/** Picture number `index`, with `bytes` more in it. @param at microseconds. */
export function fillerPicture(index: number, at: number, bytes: number): EncodedPacket {
  const picture = pictures[index % pictures.length] ?? Buffer.alloc(0);
  const filler = Buffer.concat([
    Uint8Array.of(fillerType),
    noise.subarray(0, Math.max(1, Math.min(bytes, mostFiller))),
    // The stop bit.
    Uint8Array.of(0x80),
  ]);
  return {
    ...{ track: 'video', codec: 'h264', type: 'frame', keyframe: true, pts: at, dts: at },
    payload: Buffer.concat([lengthOf(picture), picture, lengthOf(filler), filler]),
  };
}

/** The frames of silence from number `from` on that are due until `at`, in microseconds. */
export function silentFrames(from: number, at: number): EncodedPacket[] {
  const due = Math.floor((at * sound.sampleRate) / 1e6 / sound.samples) + 1;
  return Array.from({ length: Math.max(0, due - from) }, (_, index) => {
    const pts = Math.round(((from + index) * sound.samples * 1e6) / sound.sampleRate);
    return {
      ...{ track: 'audio', codec: 'aac', type: 'frame', keyframe: true, pts, dts: pts },
      payload: silence,
    };
  });
}

function lengthOf(unit: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(unit.length);
  return length;
}
