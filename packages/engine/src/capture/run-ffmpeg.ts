import { execa } from 'execa';
import { childEnvironment } from './child-environment.js';

export interface FfmpegRun {
  /** Undefined when it could not be started, or was ended by a signal or the time limit. */
  readonly exitCode: number | undefined;
  readonly timedOut: boolean;
  readonly stdout: string;
  readonly stderr: string;
  /** Why it could not be started, such as ENOENT. */
  readonly startError: string | undefined;
}

const maxOutput = 4 * 1024 * 1024;

/** Runs ffmpeg to its end, for a question that it answers at once. Never throws for what ffmpeg does. */
export async function runFfmpeg(
  path: string,
  args: readonly string[],
  timeLimitMs = 10_000,
): Promise<FfmpegRun> {
  const result = await execa(path, args, {
    reject: false,
    stdin: 'ignore',
    timeout: timeLimitMs,
    forceKillAfterDelay: 1000,
    maxBuffer: maxOutput,
    extendEnv: false,
    env: childEnvironment(),
    windowsHide: true,
  });
  return {
    exitCode: result.exitCode,
    timedOut: result.timedOut,
    stdout: result.stdout,
    stderr: result.stderr,
    startError: result.exitCode === undefined && !result.timedOut ? result.code : undefined,
  };
}
