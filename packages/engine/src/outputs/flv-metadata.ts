import { audioCodecId, videoCodecId, type AmfValue } from 'node-rtmp-client';
import type { StreamDescription } from './stream-description.js';

/** A stream's description as the entries of onMetaData (FLV 10.1 §E.5). Data rates are in kbit/s. */
export function flvMetadata(description: StreamDescription): Record<string, AmfValue> {
  const { video, audio, encoder } = description;
  const { sampleRate, channels } = audio ?? {};
  return {
    ...(video && {
      width: video.width,
      height: video.height,
      ...(video.fps !== undefined && { framerate: video.fps }),
      videocodecid: videoCodecId(video.codec),
      ...(video.bitrate !== undefined && { videodatarate: video.bitrate / 1000 }),
    }),
    ...(audio && {
      audiocodecid: audioCodecId(audio.codec),
      ...(audio.bitrate !== undefined && { audiodatarate: audio.bitrate / 1000 }),
    }),
    ...(sampleRate !== undefined && {
      audiosamplerate: sampleRate,
      audiosamplesize: 16,
      audiochannels: channels ?? 2,
      stereo: channels === 2,
    }),
    encoder,
  };
}
