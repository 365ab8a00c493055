import type { AudioCodec, VideoCodec } from './encoded-packet.js';

/** The names of the codecs in Enhanced RTMP v2 (`VideoFourCc`). */
export const videoFourCc: Readonly<Record<VideoCodec, string>> = {
  h264: 'avc1',
  hevc: 'hvc1',
  av1: 'av01',
  vp8: 'vp08',
  vp9: 'vp09',
};

/** The names of the codecs in Enhanced RTMP v2 (`AudioFourCc`). */
export const audioFourCc: Readonly<Record<AudioCodec, string>> = {
  aac: 'mp4a',
  opus: 'Opus',
  flac: 'fLaC',
  ac3: 'ac-3',
  eac3: 'ec-3',
  mp3: '.mp3',
};

/** Four characters as the big-endian number that is on the wire, and in onMetaData. */
function fourCcNumber(text: string): number {
  let number = 0;
  for (let i = 0; i < 4; i++) number = number * 256 + text.charCodeAt(i);
  return number;
}

function numbersOf<Codec extends string>(table: Readonly<Record<Codec, string>>) {
  const codecs = Object.keys(table) as Codec[];
  const numberOf = {} as Record<Codec, number>;
  const codecOf = new Map<number, Codec>();
  for (const codec of codecs) {
    numberOf[codec] = fourCcNumber(table[codec]);
    codecOf.set(numberOf[codec], codec);
  }
  return { numberOf, codecOf };
}

export const videoCodecNumbers = numbersOf(videoFourCc);
export const audioCodecNumbers = numbersOf(audioFourCc);

const legacyVideoIds: Partial<Record<VideoCodec, number>> = { h264: 7 };
const legacyAudioIds: Partial<Record<AudioCodec, number>> = { aac: 10, mp3: 2 };

/** `videocodecid` of onMetaData: FLV's number of the codec where it has one (FLV 10.1 §E.5), else the FourCC. */
export const videoCodecId = (codec: VideoCodec): number =>
  legacyVideoIds[codec] ?? videoCodecNumbers.numberOf[codec];

/** `audiocodecid` of onMetaData, likewise. */
export const audioCodecId = (codec: AudioCodec): number =>
  legacyAudioIds[codec] ?? audioCodecNumbers.numberOf[codec];
