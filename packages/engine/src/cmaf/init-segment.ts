import type {
  AudioCodec as FileAudioCodec,
  Output,
  VideoCodec as FileVideoCodec,
} from 'mediabunny';
import type { AudioCodec, VideoCodec } from 'node-rtmp-client';

/** One track as a player must know it before its first segment. */
export type CmafTrack = CmafVideoTrack | CmafAudioTrack;

interface CommonTrack {
  /** As `codecStringOf` gives it. */
  readonly codecString: string;
  /** The decoder's configuration; empty where the frames say it all. */
  readonly config: Uint8Array;
  /** One frame, of which codecs without a configuration are described. */
  readonly firstFrame: Uint8Array;
}

interface CmafVideoTrack extends CommonTrack {
  readonly track: 'video';
  readonly codec: VideoCodec;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

interface CmafAudioTrack extends CommonTrack {
  readonly track: 'audio';
  readonly codec: AudioCodec;
  /** Hertz. */
  readonly sampleRate: number;
  readonly channels: number;
}

/** Ticks a second of a picture track; milliseconds, which RTMP has, are whole numbers of them. */
const pictureTimescale = 90_000;
const microsecondsPerSecond = 1_000_000;

/** Ticks a second of the track's segments. */
export const timescaleOf = (track: CmafTrack): number =>
  track.track === 'video' ? pictureTimescale : track.sampleRate;

const fileVideoCodecs: Readonly<Record<VideoCodec, FileVideoCodec>> = {
  h264: 'avc',
  hevc: 'hevc',
  av1: 'av1',
  vp8: 'vp8',
  vp9: 'vp9',
};
const fileAudioCodecs: Readonly<Record<AudioCodec, FileAudioCodec>> = {
  aac: 'aac',
  opus: 'opus',
  flac: 'flac',
  ac3: 'ac3',
  eac3: 'eac3',
  mp3: 'mp3',
};

/** The initialization segment of a track (ISO/IEC 23000-19 §7.3.1): what a player loads before any segment of it. */
export async function initSegmentOf(track: CmafTrack): Promise<Uint8Array> {
  // Loaded with the first stream: whoever publishes has no need of it.
  const { BufferTarget, CmafOutputFormat, Output } = await import('mediabunny');
  const initTarget = new BufferTarget();
  // It is written together with a segment, which nobody needs.
  const output = new Output({
    format: new CmafOutputFormat(),
    target: new BufferTarget(),
    initTarget,
  });
  await writeTracks(output, [track], pictureTimescale);
  if (initTarget.buffer === null) throw new Error('the initialization segment was not written');
  return new Uint8Array(initTarget.buffer);
}

/** Ticks a second of a track of {@link movieHeadOf}. */
export const movieTimescaleOf = (track: CmafTrack): number =>
  track.track === 'video' ? microsecondsPerSecond : track.sampleRate;

/**
 * How a file begins whose fragments follow (ISO/IEC 14496-12 §8.8): `ftyp` and `moov`. The ids of the tracks count from
 * {@link firstTrackId}, in order.
 */
export async function movieHeadOf(tracks: readonly CmafTrack[]): Promise<Uint8Array> {
  const { BufferTarget, Mp4OutputFormat, Output } = await import('mediabunny');
  const target = new BufferTarget();
  const output = new Output({ format: new Mp4OutputFormat({ fastStart: 'fragmented' }), target });
  await writeTracks(output, tracks, microsecondsPerSecond);
  if (target.buffer === null) throw new Error('the head of the file was not written');
  const file = new Uint8Array(target.buffer);
  return file.subarray(0, placeOfBox(file, 'moof'));
}

/** One frame of each; `timescale`: ticks a second of pictures. */
async function writeTracks(
  output: Output,
  tracks: readonly CmafTrack[],
  timescale: number,
): Promise<void> {
  const { EncodedAudioPacketSource, EncodedPacket, EncodedVideoPacketSource } =
    await import('mediabunny');
  const adds = tracks.map((track) => {
    const description = track.config.byteLength > 0 ? { description: track.config } : {};
    const packet = new EncodedPacket(track.firstFrame, 'key', 0, 1);
    if (track.track === 'video') {
      const source = new EncodedVideoPacketSource(fileVideoCodecs[track.codec]);
      // The muxer has no other way to be told the timescale.
      output.addVideoTrack(source, { frameRate: timescale });
      const { codecString: codec, width: codedWidth, height: codedHeight } = track;
      const decoderConfig = { codec, codedWidth, codedHeight, ...description };
      return () => source.add(packet, { decoderConfig });
    }
    const source = new EncodedAudioPacketSource(fileAudioCodecs[track.codec]);
    output.addAudioTrack(source);
    const { sampleRate, channels: numberOfChannels } = track;
    const codec = track.codec === 'mp3' ? 'mp3' : track.codecString;
    const decoderConfig = { codec, sampleRate, numberOfChannels, ...description };
    return () => source.add(packet, { decoderConfig });
  });
  await output.start();
  for (const add of adds) await add();
  await output.finalize();
}

/** The place of the first box of that type on the top level. */
function placeOfBox(file: Uint8Array, type: string): number {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  for (let at = 0; at + 8 <= file.byteLength; at += Math.max(view.getUint32(at), 8))
    if (String.fromCharCode(...file.subarray(at + 4, at + 8)) === type) return at;
  throw new Error(`there is no ${type} in the file`);
}
