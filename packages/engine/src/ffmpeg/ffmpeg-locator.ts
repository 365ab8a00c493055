import { appError, reason, type Reason } from '@tallylight/contract';
import { basename } from 'node:path';
import {
  ffmpegCandidates,
  makeExecutable,
  type FfmpegCandidate,
  type FfmpegOrigin,
} from './ffmpeg-candidates.js';
import { parseNames, parseVersion } from './ffmpeg-listings.js';
import { runFfmpeg, type FfmpegRun } from './run-ffmpeg.js';

/** An ffmpeg that runs, and what it can do. */
export interface Ffmpeg {
  readonly path: string;
  readonly origin: FfmpegOrigin;
  readonly version: string;
  /** Names of the encoders that were compiled in; not all of them work (see `listEncoders`). */
  readonly encoders: ReadonlySet<string>;
  /** Names of the inputs that were compiled in: containers, and capture devices such as `v4l2`, `alsa`, `dshow`. */
  readonly inputs: ReadonlySet<string>;
  /** How long it took to start, in milliseconds: less than 100 on most machines, seconds on a slow or busy one. */
  readonly startMs: number;
  /** What Tallylight needs and this one has not; empty for a usable one. */
  readonly lacks: readonly string[];
}

export interface FfmpegLocatorOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Where packaging puts ffmpeg: one folder a platform, or the binary itself. */
  readonly bundledDirectory?: string;
  /** For each of the runs that verify a candidate. */
  readonly timeLimitMs?: number;
}

/** Finds an ffmpeg that works, once. */
export class FfmpegLocator {
  readonly #options: FfmpegLocatorOptions;
  #found: Promise<Ffmpeg> | undefined;

  constructor(options: FfmpegLocatorOptions = {}) {
    this.#options = options;
  }

  /**
   * The first candidate that runs and has all that is needed, else the first that runs. A failure is not kept: the
   * user may install one meanwhile.
   *
   * @throws AppError FFMPEG_MISSING
   */
  find(): Promise<Ffmpeg> {
    this.#found ??= this.#search().catch((error: unknown) => {
      this.#found = undefined;
      throw error;
    });
    return this.#found;
  }

  async #search(): Promise<Ffmpeg> {
    const { env = process.env, bundledDirectory, timeLimitMs = 20_000 } = this.#options;
    const candidates = await ffmpegCandidates(env, bundledDirectory);
    const failures: Reason[] = [];
    let incomplete: Ffmpeg | undefined;
    for (const candidate of candidates) {
      const result = await verify(candidate, timeLimitMs);
      if ('reason' in result) failures.push(result);
      else if (result.lacks.length === 0) return result;
      else incomplete ??= result;
    }
    if (incomplete?.encoders.has('aac')) return incomplete;
    if (incomplete) {
      const parts = incomplete.lacks.join(', ');
      failures.push(reason('ffmpeg-lacks', { ffmpeg: incomplete.path, parts }));
    }
    // The first place is where it was meant to be.
    const [first = reason('ffmpeg-nowhere')] = failures;
    throw appError('FFMPEG_MISSING', { reason: first }, { phase: 'camera' });
  }
}

/** 126 and 127 are the shell's: not executable, not there. */
const cannotStart = ({ exitCode }: FfmpegRun): boolean =>
  exitCode === undefined || exitCode === 126 || exitCode === 127;

/** The ffmpeg, or why it is of no use. */
async function verify(candidate: FfmpegCandidate, timeLimitMs: number): Promise<Ffmpeg | Reason> {
  const { path, origin } = candidate;
  const name =
    origin === 'environment' ? `TALLYLIGHT_FFMPEG (${path})` : `${basename(path)} (${origin})`;
  if (origin === 'ffmpeg-installer' || origin === 'ffmpeg-static') await makeExecutable(path);
  const run = (args: string[]) => runFfmpeg(path, args, timeLimitMs);
  const begin = performance.now();
  // Every start costs, so none is spent on `-version` alone: the banner on stderr tells it, too. Nor on `-devices` and
  // `-muxers`: `-formats` lists both.
  const timedEncoders = run(['-encoders']).then((run) => ({ run, ms: performance.now() - begin }));
  const [encoders, formats] = await Promise.all([timedEncoders, run(['-hide_banner', '-formats'])]);
  const version = parseVersion(encoders.run.stderr);
  if (encoders.run.timedOut) return reason('ffmpeg-silent', { ffmpeg: name });
  if (cannotStart(encoders.run)) return reason('ffmpeg-cannot-run', { ffmpeg: name });
  if (version === undefined) return reason('ffmpeg-is-none', { ffmpeg: name });
  const names = parseNames(encoders.run.stdout);
  const lacks = [
    ...['libx264', 'aac'].filter((encoder) => !names.has(encoder)),
    ...['flv'].filter((muxer) => !parseNames(formats.stdout, 'E').has(muxer)),
  ];
  return {
    path,
    origin,
    version,
    startMs: encoders.ms,
    encoders: names,
    inputs: parseNames(formats.stdout, 'D'),
    lacks,
  };
}
