import type { AudioCodec, AudioPacket, VideoPacket } from 'node-rtmp-client';
import {
  parseAudioSpecificConfig,
  parseAv1CodecConfiguration,
  parseVpCodecConfiguration,
} from 'node-rtmp-client';

/**
 * What a decoder must be able to do, as HLS, DASH and a browser want it told (RFC 6381 §3.3).
 *
 * @param config for codecs that have one; else any frame.
 * @throws MalformedError when the configuration breaks the rules.
 */
export const codecStringOf = (config: VideoPacket | AudioPacket): string =>
  config.track === 'video' ? videoCodecString(config) : audioCodecString(config);

function videoCodecString({ codec, payload }: VideoPacket): string {
  switch (codec) {
    case 'h264':
      return `avc1.${hex(payload.subarray(1, 4))}`;
    case 'hevc':
      return hevcCodecString(payload);
    case 'av1': {
      const { profile, level, tier, bitDepth } = parseAv1CodecConfiguration(payload);
      return `av01.${profile}.${two(level)}${tier === 'main' ? 'M' : 'H'}.${two(bitDepth)}`;
    }
    case 'vp9': {
      const { profile, level, bitDepth } = parseVpCodecConfiguration(payload);
      return `vp09.${two(profile)}.${two(level)}.${two(bitDepth)}`;
    }
    case 'vp8':
      return 'vp08.00.10.08';
  }
}

/** ISO/IEC 14496-15 annex E.3. */
function hevcCodecString(record: Uint8Array): string {
  const view = new DataView(record.buffer, record.byteOffset, record.byteLength);
  const profileByte = view.getUint8(1);
  const space = ['', 'A', 'B', 'C'][profileByte >> 6] ?? '';
  const tier = (profileByte & 0x20) === 0 ? 'L' : 'H';
  const constraints = [...record.subarray(6, 12)];
  while (constraints.at(-1) === 0) constraints.pop();
  return [
    'hvc1',
    `${space}${profileByte & 0x1f}`,
    reversedBits(view.getUint32(2)).toString(16).toUpperCase(),
    `${tier}${view.getUint8(12)}`,
    ...constraints.map((byte) => byte.toString(16).toUpperCase()),
  ].join('.');
}

const audioNames: Readonly<Record<Exclude<AudioCodec, 'aac'>, string>> = {
  opus: 'opus',
  flac: 'flac',
  ac3: 'ac-3',
  eac3: 'ec-3',
  // MPEG audio of layer 3, as an object type of MPEG-4 audio.
  mp3: 'mp4a.40.34',
};

const audioCodecString = ({ codec, payload }: AudioPacket): string =>
  codec === 'aac' ? `mp4a.40.${parseAudioSpecificConfig(payload).objectType}` : audioNames[codec];

function reversedBits(value: number): number {
  let reversed = 0;
  for (let bit = 0; bit < 32; bit += 1) {
    if ((value & (1 << bit)) !== 0) reversed += 2 ** (31 - bit);
  }
  return reversed;
}

const two = (value: number): string => String(value).padStart(2, '0');

const hex = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
