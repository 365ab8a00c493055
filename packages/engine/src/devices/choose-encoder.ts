import { appError } from '@tallylight/contract';
import type { Ffmpeg } from '../ffmpeg/ffmpeg-locator.js';
import { tryEncoder } from './list-encoders.js';
import { videoEncoders } from './video-encoders.js';

/**
 * The encoder to use: the one asked for, else libx264, else the first that encodes a few frames here.
 *
 * @throws AppError ENCODER_FAILED
 */
export async function chooseEncoder(ffmpeg: Ffmpeg, wanted: string | undefined): Promise<string> {
  const fail = (encoder: string, reason: string) =>
    appError('ENCODER_FAILED', { encoder, reason }, { phase: 'encoder' });
  if (wanted !== undefined) {
    if (!ffmpeg.encoders.has(wanted)) throw fail(wanted, 'this ffmpeg does not have it');
    if (!isH264(wanted)) throw fail(wanted, 'it is not an encoder of H.264');
    return wanted;
  }
  if (ffmpeg.encoders.has('libx264')) return 'libx264';
  for (const name of Object.keys(videoEncoders)) {
    if (!ffmpeg.encoders.has(name)) continue;
    const { usable } = await tryEncoder(ffmpeg, name);
    if (usable) return name;
  }
  throw fail('H.264', 'this ffmpeg has none that works here');
}

const isH264 = (name: string): boolean => name.includes('264') && name !== 'libx264rgb';
