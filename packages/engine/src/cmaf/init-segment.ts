import type { AudioCodec as FileAudioCodec, VideoCodec as FileVideoCodec } from 'mediabunny';
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
  const {
    BufferTarget,
    CmafOutputFormat,
    EncodedAudioPacketSource,
    EncodedPacket,
    EncodedVideoPacketSource,
    Output,
  } = await import('mediabunny');
  const initTarget = new BufferTarget();
  // It is written together with a segment, which nobody needs.
  const output = new Output({
    format: new CmafOutputFormat(),
    target: new BufferTarget(),
    initTarget,
  });
  const description = track.config.byteLength > 0 ? { description: track.config } : {};
  const packet = new EncodedPacket(track.firstFrame, 'key', 0, 1);
  if (track.track === 'video') {
    const source = new EncodedVideoPacketSource(fileVideoCodecs[track.codec]);
    // The muxer has no other way to be told the timescale.
    output.addVideoTrack(source, { frameRate: pictureTimescale });
    await output.start();
    const { codecString: codec, width: codedWidth, height: codedHeight } = track;
    await source.add(packet, { decoderConfig: { codec, codedWidth, codedHeight, ...description } });
  } else {
    const source = new EncodedAudioPacketSource(fileAudioCodecs[track.codec]);
    output.addAudioTrack(source);
    await output.start();
    const { sampleRate, channels: numberOfChannels } = track;
    const codec = track.codec === 'mp3' ? 'mp3' : track.codecString;
    await source.add(packet, {
      decoderConfig: { codec, sampleRate, numberOfChannels, ...description },
    });
  }
  await output.finalize();
  if (initTarget.buffer === null) throw new Error('the initialization segment was not written');
  return new Uint8Array(initTarget.buffer);
}
