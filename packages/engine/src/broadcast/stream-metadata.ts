import type { Encoding } from '@tallylight/contract';
import {
  parseAudioSpecificConfig,
  parseAvcDecoderConfiguration,
  type AmfValue,
  type EncodedPacket,
} from 'node-rtmp-client';

/** FLV's numbers of the codecs (FLV 10.1 §E.4.2.1, §E.4.3.1). */
const aac = 10;
const avc = 7;

/**
 * The entries of onMetaData (FLV 10.1 §E.5). What the configurations say goes before what was asked for: a copied file
 * is as it is. Data rates are in kbit/s.
 */
export function streamMetadata(
  configs: { readonly video?: EncodedPacket; readonly audio?: EncodedPacket },
  encoding: Encoding,
  encoder: string,
): Record<string, AmfValue> {
  const picture = configs.video && parseAvcDecoderConfiguration(configs.video.payload);
  const sound = configs.audio && parseAudioSpecificConfig(configs.audio.payload);
  return {
    width: picture?.width ?? encoding.width,
    height: picture?.height ?? encoding.height,
    framerate: encoding.fps,
    videocodecid: avc,
    videodatarate: encoding.videoBitrate / 1000,
    ...(sound && {
      audiocodecid: aac,
      audiodatarate: encoding.audioBitrate / 1000,
      audiosamplerate: sound.sampleRate,
      audiosamplesize: 16,
      audiochannels: sound.channels,
      stereo: sound.channels === 2,
    }),
    encoder,
  };
}
