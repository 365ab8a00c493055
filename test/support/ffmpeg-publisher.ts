import { spawn } from 'node:child_process';

export interface FfmpegPublisher {
  /** ffmpeg's exit code, once it has ended by itself or been stopped. */
  readonly ended: Promise<number | null>;
  readonly complaints: () => string;
  readonly stop: () => Promise<void>;
}

/** Lets ffmpeg publish a small test picture with a tone and a keyframe a second, until it is stopped or refused. */
export function startFfmpegPublisher(url: string): FfmpegPublisher {
  let complaints = '';
  const child = spawn(
    'ffmpeg',
    [
      ...['-v', 'error', '-nostdin', '-re', '-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25'],
      ...['-f', 'lavfi', '-i', 'sine=sample_rate=48000', '-c:a', 'aac'],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', '-pix_fmt', 'yuv420p'],
      ...['-f', 'flv', url],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  return { ended, complaints: () => complaints, stop };
}
