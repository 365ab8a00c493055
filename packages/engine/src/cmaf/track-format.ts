import {
  MalformedError,
  audioFormatOf,
  videoFormatOf,
  type AudioFormat,
  type EncodedPacket,
} from 'node-rtmp-client';
import { codecStringOf } from './codec-string.js';
import type { CmafTrack } from './init-segment.js';

/** Whether a frame says what its decoder must know, so that no configuration comes before. */
export const describesItself = ({ codec }: EncodedPacket): boolean => codec === 'mp3';

/**
 * What a player must know of a track.
 *
 * @param config its configuration; of a codec that describes itself, a frame.
 * @param first its first frame.
 * @returns undefined where the codec cannot be carried in segments, or the configuration is broken: VP8 and VP9 say
 *   their size in their frames only, AC-3 and E-AC-3 their rate, and no player of HLS in a browser takes them.
 */
export function describeTrack(config: EncodedPacket, first: EncodedPacket): CmafTrack | undefined {
  try {
    const common = {
      codecString: codecStringOf(config),
      config: config.type === 'config' ? new Uint8Array(config.payload) : new Uint8Array(),
      firstFrame: first.payload,
    };
    if (config.track === 'video') {
      const size = videoFormatOf(config);
      return size && { ...common, track: 'video', codec: config.codec, ...size };
    }
    const sound = config.codec === 'mp3' ? mp3FormatOf(config.payload) : audioFormatOf(config);
    if (sound === undefined || sound.channels === 0) return undefined;
    return { ...common, track: 'audio', codec: config.codec, ...sound };
  } catch (error) {
    if (error instanceof MalformedError) return undefined;
    throw error;
  }
}

/** MPEG-1 layer 3 (ISO/IEC 11172-3 §2.4.2.3); halved for MPEG-2, and again for 2.5. */
const mp3Rates = [44_100, 48_000, 32_000];

function mp3FormatOf(frame: Uint8Array): AudioFormat | undefined {
  const [sync = 0, version = 0, rate = 0, mode = 0] = frame;
  const full = mp3Rates[(rate >> 2) & 3];
  if (sync !== 0xff || (version & 0xe0) !== 0xe0 || full === undefined) return undefined;
  const divisor = [4, undefined, 2, 1][(version >> 3) & 3];
  if (divisor === undefined) return undefined;
  return { sampleRate: full / divisor, channels: mode >> 6 === 3 ? 1 : 2 };
}
