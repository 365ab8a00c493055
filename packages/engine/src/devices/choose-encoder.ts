import { appError, reason, type ReasonCode } from '@tallylight/contract';
import type { Ffmpeg } from '../ffmpeg/ffmpeg-locator.js';
import { tryEncoder } from './list-encoders.js';
import { videoEncoders } from './video-encoders.js';

/**
 * The encoder to use: the one asked for, else libx264, else the first that encodes a few frames here.
 *
 * @throws AppError ENCODER_FAILED
 */
export async function chooseEncoder(ffmpeg: Ffmpeg, wanted: string | undefined): Promise<string> {
  const fail = (encoder: string, why: ReasonCode) =>
    appError('ENCODER_FAILED', { encoder, reason: reason(why) }, { phase: 'encoder' });
  if (wanted !== undefined) {
    if (!ffmpeg.encoders.has(wanted)) throw fail(wanted, 'encoder-not-in-ffmpeg');
    if (!isH264(wanted)) throw fail(wanted, 'encoder-not-h264');
    return wanted;
  }
  if (ffmpeg.encoders.has('libx264')) return 'libx264';
  for (const name of Object.keys(videoEncoders)) {
    if (!ffmpeg.encoders.has(name)) continue;
    const { usable } = await tryEncoder(ffmpeg, name);
    if (usable) return name;
  }
  throw fail('H.264', 'no-encoder-works');
}

const isH264 = (name: string): boolean => name.includes('264') && name !== 'libx264rgb';
