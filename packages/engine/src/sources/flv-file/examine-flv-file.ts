import { open } from 'node:fs/promises';
import { appError, reason } from '@tallylight/contract';
import { MalformedError, type AudioPacket, type VideoPacket } from 'node-rtmp-client';
import { whyUnreadable } from '../../file-failure.js';
import { readFlvFile } from './read-flv-file.js';

/** The codecs of picture and sound; at least one of them is there. */
export interface FlvTracks {
  readonly video: VideoPacket['codec'] | undefined;
  readonly audio: AudioPacket['codec'] | undefined;
}

/** Milliseconds of a file within which both tracks begin. */
const lookMs = 3_000;

/** Whether a file begins as FLV does. False also where it cannot be read: why, others say. */
export async function isFlvFile(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'r');
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(3), 0, 3, 0);
      return bytesRead === 3 && buffer.toString('latin1') === 'FLV';
    } finally {
      await file.close();
    }
  } catch {
    return false;
  }
}

/**
 * Looks which tracks an FLV file begins with.
 *
 * @throws AppError FILE_UNREADABLE; CODEC_NOT_COPYABLE where a track is of a codec that is not understood.
 */
export async function examineFlvFile(path: string): Promise<FlvTracks> {
  const found: { video?: VideoPacket['codec']; audio?: AudioPacket['codec'] } = {};
  const foreign = new Set<string>();
  let first: number | undefined;
  const over = new AbortController();
  try {
    for await (const item of readFlvFile(path, over.signal)) {
      if (item.type === 'opaque') foreign.add(item.packet.codec);
      if (item.type !== 'packet' || (item.packet.trackId ?? 0) !== 0) continue;
      const { packet } = item;
      if (packet.track === 'video') found.video ??= packet.codec;
      else found.audio ??= packet.codec;
      first ??= packet.dts;
      if (found.video && found.audio) break;
      if (packet.dts - first > lookMs * 1000) break;
    }
  } catch (error) {
    const why = error instanceof MalformedError ? reason('no-media-file') : whyUnreadable(error);
    throw appError('FILE_UNREADABLE', { file: path, reason: why }, { phase: 'camera' });
  } finally {
    over.abort();
  }
  if (foreign.size > 0) {
    const data = { file: path, codec: [...foreign].join(', ') };
    throw appError('CODEC_NOT_COPYABLE', data, { phase: 'camera' });
  }
  if (!found.video && !found.audio) {
    const data = { file: path, reason: reason('no-media-file') };
    throw appError('FILE_UNREADABLE', data, { phase: 'camera' });
  }
  return { video: found.video, audio: found.audio };
}
