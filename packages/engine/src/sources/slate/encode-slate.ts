import type { VideoPacket } from 'node-rtmp-client';
import { within } from 'node-rtmp-client/async';
import { chooseEncoder } from '../../devices/choose-encoder.js';
import { videoEncoder, videoEncoderArgs } from '../../devices/video-encoders.js';
import type { Ffmpeg } from '../../ffmpeg/ffmpeg-locator.js';
import { OwnedProcess } from '../../ffmpeg/owned-process.js';
import { silenceLike } from '../silence.js';
import type { StreamFormat } from '../stream/stream-format.js';
import { readSlate } from './read-slate.js';
import type { Slate } from './slate.js';
import { slateBackground, slatePictures, type SlateLanguage } from './slate-pictures.js';

/** Longer than the slowest encoder takes for a still on a busy machine. */
const deadlineMs = 60_000;
/** A keyframe of the largest picture, several times. */
const maxBytes = 32 * 1024 * 1024;
/** Seconds between two keyframes: how long a player that comes waits, and what a browser's segments are made of. */
const groupSeconds = 2;

/** Encoders of what is no H.264; their fastest settings do for a still. Of AV1, FLV needs more than mediabunny tells. */
const otherEncoders: Partial<Record<VideoPacket['codec'], readonly string[]>> = {
  hevc: ['libx265', '-preset', 'ultrafast', '-bf', '0', '-x265-params', 'log-level=error'],
};

/**
 * The slate for a stream: in its codecs, its size and its rate.
 *
 * @returns undefined where there is none that whoever takes the stream could take, too.
 * @throws AppError or Error where ffmpeg does not encode it.
 */
export async function encodeSlate(
  ffmpeg: Ffmpeg,
  language: SlateLanguage,
  format: StreamFormat,
): Promise<Slate | undefined> {
  const { codec, fps, sound, hasAudio } = format;
  if (hasAudio && !silenceLike(sound)) return undefined;
  const encoder = await encoderArguments(ffmpeg, format);
  if (!encoder) return undefined;
  const file = await run(ffmpeg, slateArguments(language, format, encoder));
  const pictures = await readSlate(file, codec);
  return { ...pictures, fps, ...(sound && { sound }) };
}

interface EncoderArguments {
  /** Before the input. */
  readonly global: readonly string[];
  /** The end of the filter chain. */
  readonly pixels: string;
  readonly args: readonly string[];
}

const framesOf = ({ fps }: StreamFormat): number => Math.max(2, Math.round(fps * groupSeconds));

async function encoderArguments(
  ffmpeg: Ffmpeg,
  format: StreamFormat,
): Promise<EncoderArguments | undefined> {
  const { codec, width, height, fps } = format;
  if (codec === 'h264') {
    const name = await chooseEncoder(ffmpeg, undefined);
    const { globalArgs = [], format: pixels } = videoEncoder(name);
    // Nothing moves: what it is allowed is for the keyframe alone.
    const rates = {
      videoBitrate: 2_000_000,
      audioBitrate: 128_000,
      keyframeInterval: groupSeconds,
    };
    const args = videoEncoderArgs(name, { width, height, fps, ...rates });
    return { global: globalArgs, pixels, args };
  }
  const known = otherEncoders[codec];
  if (!known?.[0] || !ffmpeg.encoders.has(known[0])) return undefined;
  const args = ['-c:v', ...known, '-g', `${framesOf(format)}`];
  return { global: [], pixels: 'format=yuv420p', args };
}

function slateArguments(
  language: SlateLanguage,
  format: StreamFormat,
  { global, pixels, args }: EncoderArguments,
): string[] {
  const { width, height, fps } = format;
  const frames = framesOf(format);
  const filter = [
    `scale=${width}:${height}:force_original_aspect_ratio=decrease:force_divisible_by=2`,
    `pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2:color=${slateBackground}`,
    ...['setsar=1', pixels, `loop=loop=${frames - 1}:size=1:start=0`, 'setpts=N'],
  ];
  return [
    ...['-hide_banner', '-nostdin', '-loglevel', 'error', ...global],
    // Its frames count the time of the stream.
    ...['-f', 'png_pipe', '-framerate', `${fps}`],
    ...['-i', `data:image/png;base64,${slatePictures[language]}`, '-vf', filter.join(',')],
    ...['-frames:v', `${frames}`, ...args, '-f', 'matroska', 'pipe:1'],
  ];
}

/** What ffmpeg writes. */
async function run({ path }: Ffmpeg, args: readonly string[]): Promise<Uint8Array> {
  const child = new OwnedProcess(path, args);
  const pieces: Uint8Array[] = [];
  let [bytes, said] = [0, ''];
  child.output('media').on('data', (piece: Uint8Array) => {
    bytes += piece.byteLength;
    if (bytes <= maxBytes) pieces.push(piece);
  });
  child.output('log').on('data', (piece: Uint8Array) => {
    said = (said + Buffer.from(piece).toString()).slice(-2000);
  });
  try {
    const exit = await within(child.closed, deadlineMs);
    if (exit === 'late') throw new Error('ffmpeg does not finish the slate');
    if (exit.code !== 0) throw new Error(`ffmpeg made no slate: ${said.trim()}`);
    if (bytes > maxBytes) throw new Error(`the slate has ${bytes} bytes`);
    return Buffer.concat(pieces);
  } finally {
    await child.stop();
  }
}
