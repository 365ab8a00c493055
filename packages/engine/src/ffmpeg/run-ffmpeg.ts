import { OwnedProcess } from './owned-process.js';

export interface FfmpegRun {
  /** Undefined when a signal or the time limit ended it, or it could not be started. */
  readonly exitCode: number | undefined;
  readonly timedOut: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** Characters of each output to keep; listings have some ten thousand. */
const maxOutput = 1_000_000;

/** Runs ffmpeg to its end, for a question that it answers at once. Never throws for what ffmpeg does. */
export async function runFfmpeg(
  path: string,
  args: readonly string[],
  timeLimitMs = 10_000,
): Promise<FfmpegRun> {
  const child = new OwnedProcess(path, args);
  const collect = (name: 'media' | 'log'): (() => string) => {
    let text = '';
    const output = child.output(name).setEncoding('utf8');
    output.on('data', (piece: string) => {
      if (text.length < maxOutput) text += piece;
    });
    return () => text;
  };
  const [stdout, stderr] = [collect('media'), collect('log')];
  const limit = AbortSignal.timeout(timeLimitMs);
  const stop = (): void => void child.stop();
  limit.addEventListener('abort', stop);
  const { code } = await child.closed;
  limit.removeEventListener('abort', stop);
  const timedOut = limit.aborted;
  return {
    exitCode: timedOut ? undefined : code,
    timedOut,
    stdout: stdout(),
    stderr: stderr(),
  };
}
