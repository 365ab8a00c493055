import { reason, type Encoder, type Wording } from '@tallylight/contract';
import { encoderComplaint } from '../ffmpeg/encoder-complaint.js';
import type { Ffmpeg } from '../ffmpeg/ffmpeg-locator.js';
import { runFfmpeg } from '../ffmpeg/run-ffmpeg.js';
import { videoEncoder, videoEncoders } from './video-encoders.js';

const trialLimitMs = 10_000;

/** The H.264 encoders of this ffmpeg and whether they work: being compiled in says nothing about the hardware. */
export async function listEncoders(ffmpeg: Ffmpeg): Promise<Encoder[]> {
  const encoders: Encoder[] = [];
  // One after the other: some drivers fail when two are opened at once.
  for (const name of Object.keys(videoEncoders)) {
    if (ffmpeg.encoders.has(name)) encoders.push(await tryEncoder(ffmpeg, name));
  }
  return encoders;
}

/** Encodes a few frames. */
export async function tryEncoder(ffmpeg: Ffmpeg, name: string): Promise<Encoder> {
  const { hardware, globalArgs = [], format, args } = videoEncoder(name);
  const run = await runFfmpeg(
    ffmpeg.path,
    [
      ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'error', ...globalArgs],
      ...['-f', 'lavfi', '-i', 'color=size=256x256:rate=30', '-frames:v', '5'],
      ...['-vf', format, '-c:v', name, ...args, '-b:v', '500000', '-maxrate', '500000'],
      ...['-bufsize', '500000', '-f', 'null', '-'],
    ],
    trialLimitMs,
  );
  if (run.exitCode === 0) return { name, hardware, usable: true };
  const first = run.stderr.split('\n').find((line) => line.trim() !== '');
  return { name, hardware, usable: false, reason: whyNot(run.timedOut, first) };
}

function whyNot(timedOut: boolean, complaint: string | undefined): Wording {
  if (timedOut) return reason('encoder-hangs');
  return complaint === undefined ? reason('encoder-fails') : encoderComplaint(complaint);
}
