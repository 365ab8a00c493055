import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { childEnvironment } from './child-environment.js';
import { inputDescriptor, outputDescriptors } from './output-descriptors.js';

export interface ProcessExit {
  readonly code: number | undefined;
  readonly signal: string | undefined;
}

/**
 * A running ffmpeg that cannot outlive its owner.
 *
 * Closing its stdout is not enough: an ffmpeg that waits for a camera to open, or for a picture to come, writes nothing
 * and so never learns that nobody reads. Where we end in order, `stop` or the exit handler below ends it. Where we are
 * killed, nothing of ours runs any more, so something else must:
 * - Windows: libuv puts every child in a job that the system ends together with us.
 * - Elsewhere: a shell beside ffmpeg waits on a pipe whose other end only we hold. The pipe closes when we are gone,
 *   however that came about, and the shell kills ffmpeg. Linux has PR_SET_PDEATHSIG, but it is out of reach from Node
 *   and macOS has nothing like it. ffmpeg itself does not start before that shell stands guard.
 */
export class OwnedProcess {
  readonly exited: Promise<ProcessExit>;
  /** Like {@link exited}, and all that it wrote has been read. */
  readonly closed: Promise<ProcessExit>;
  readonly #child: ChildProcess;
  readonly #guard: ChildProcess | undefined;
  readonly #guardGone: Promise<ProcessExit> | undefined;
  #stopping: Promise<void> | undefined;

  /** @param reads whether it is given something by {@link input}. */
  constructor(path: string, args: readonly string[], reads: 'nothing' | 'input' = 'nothing') {
    const gated = process.platform !== 'win32';
    const [command, commandArgs] = gated ? ['/bin/sh', ['-c', gate, path, ...args]] : [path, args];
    this.#child = spawn(command, commandArgs, {
      stdio: [
        gated ? 'pipe' : 'ignore',
        ...Object.values(outputDescriptors).map(() => 'pipe' as const),
        ...(reads === 'input' ? (['pipe'] as const) : []),
      ],
      env: childEnvironment(),
      // A Ctrl+C in the terminal is for us to answer, not for ffmpeg.
      detached: gated,
      windowsHide: true,
    });
    running.add(this);
    this.exited = until(this.#child, 'exit');
    this.closed = until(this.#child, 'close');
    this.#guard = gated && this.#child.pid !== undefined ? standGuard(this.#child.pid) : undefined;
    this.#guardGone = this.#guard && until(this.#guard, 'exit');
    this.#child.stdin?.on('error', ignore).end('start\n');
    void this.exited.then(() => {
      running.delete(this);
      this.#guard?.kill('SIGKILL');
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** What it writes to one of its descriptors. Must be read, or it will stand still. */
  output(name: keyof typeof outputDescriptors): Readable {
    const streams: readonly (Readable | Writable | null | undefined)[] = this.#child.stdio;
    const stream = streams[outputDescriptors[name]];
    if (!stream || !('readable' in stream)) throw new Error(`ffmpeg has no output ${name}`);
    return stream;
  }

  /** What it reads at `pipe:7`. */
  input(): Writable {
    const streams: readonly (Readable | Writable | null | undefined)[] = this.#child.stdio;
    const stream = streams[inputDescriptor];
    if (!stream || !('write' in stream)) throw new Error('ffmpeg is given nothing');
    return stream;
  }

  /** Ends it, by force when it has not gone after `deadlineMs`. Resolves when it and its guard are gone. */
  stop(deadlineMs = 2000): Promise<void> {
    this.#stopping ??= this.#stop(deadlineMs);
    return this.#stopping;
  }

  /** For when there is no time left to wait. */
  killNow(): void {
    this.#child.kill('SIGKILL');
    this.#guard?.kill('SIGKILL');
  }

  async #stop(deadlineMs: number): Promise<void> {
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), deadlineMs);
    await this.exited;
    await this.#guardGone;
    clearTimeout(timer);
    // Whoever else holds a copy of the pipes (a driver's helper process) must not keep us alive.
    for (const stream of this.#child.stdio) stream?.destroy();
  }
}

const until = (child: ChildProcess, event: 'exit' | 'close'): Promise<ProcessExit> =>
  new Promise((resolve) => {
    child.once(event, (code: number | null, signal: string | null) => {
      resolve({ code: code ?? undefined, signal: signal ?? undefined });
    });
    // It could not be started at all.
    child.once('error', () => resolve({ code: undefined, signal: undefined }));
  });

/** Becomes ffmpeg, under the same process id, when told to; ends when we are gone before that. */
const gate = 'read -r _ && exec "$0" "$@" </dev/null';
const guard = 'read -r _ || kill -KILL "$0"';

function standGuard(pid: number): ChildProcess {
  const shell = spawn('/bin/sh', ['-c', guard, `${pid}`], {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: {},
    detached: true,
  });
  shell.on('error', ignore);
  shell.stdin.on('error', ignore);
  return shell;
}

const ignore = (): void => undefined;

const running = new Set<OwnedProcess>();
process.on('exit', () => {
  for (const owned of running) owned.killNow();
});
