import type { Encoding } from '@tallylight/contract';
import {
  audioCodecId,
  audioFormatOf,
  videoCodecId,
  videoFormatOf,
  type AmfValue,
  type AudioPacket,
  type VideoPacket,
} from 'node-rtmp-client';

/**
 * The entries of onMetaData (FLV 10.1 §E.5). What the configurations say goes before what was asked for: a copied file
 * is as it is. Data rates are in kbit/s.
 */
export function streamMetadata(
  configs: { readonly video?: VideoPacket; readonly audio?: AudioPacket },
  encoding: Encoding,
  encoder: string,
): Record<string, AmfValue> {
  const { video, audio } = configs;
  const picture = video && videoFormatOf(video);
  const sound = audio && audioFormatOf(audio);
  return {
    width: picture?.width ?? encoding.width,
    height: picture?.height ?? encoding.height,
    framerate: encoding.fps,
    videocodecid: videoCodecId(video?.codec ?? 'h264'),
    videodatarate: encoding.videoBitrate / 1000,
    ...(audio && {
      audiocodecid: audioCodecId(audio.codec),
      audiodatarate: encoding.audioBitrate / 1000,
    }),
    ...(sound && {
      audiosamplerate: sound.sampleRate,
      audiosamplesize: 16,
      audiochannels: sound.channels,
      stereo: sound.channels === 2,
    }),
    encoder,
  };
}
