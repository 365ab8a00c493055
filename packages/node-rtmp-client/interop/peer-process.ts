import { spawn, type ChildProcess } from 'node:child_process';

export interface PeerProcessOptions {
  /** When it is killed at the latest, in milliseconds after its start. */
  readonly deadlineMs?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** The exit codes that mean that all went well; 0 by default. */
  readonly goodCodes?: readonly number[];
}

/** How much of what a peer says is kept. */
const keptCharacters = 64 * 1024;

/** Another program: owned, bounded in time, and ended by its own id. */
export class PeerProcess {
  readonly name: string;
  /** Settles when it has ended, with why if that was not of its own accord and well. */
  readonly ended: Promise<string | undefined>;
  readonly #child: ChildProcess;
  readonly #listeners = new Set<() => void>();
  #output = '';
  #stopping = false;

  constructor(command: string, args: readonly string[], options: PeerProcessOptions = {}) {
    const { deadlineMs = 60_000, env = {}, goodCodes = [0] } = options;
    this.name = command;
    this.#child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    const kill = setTimeout(() => this.#child.kill('SIGKILL'), deadlineMs);
    const onOutput = (data: Buffer): void => {
      this.#output = (this.#output + data.toString()).slice(-keptCharacters);
      for (const listener of [...this.#listeners]) listener();
    };
    this.#child.stdout?.on('data', onOutput);
    this.#child.stderr?.on('data', onOutput);
    this.ended = new Promise((resolve) => {
      const end = (reason: string | undefined): void => {
        clearTimeout(kill);
        resolve(reason);
        for (const listener of [...this.#listeners]) listener();
      };
      this.#child.once('error', (error) =>
        end(`${command} could not be started: ${error.message}`),
      );
      this.#child.once('close', (code, signal) => {
        const well = this.#stopping || (code !== null && goodCodes.includes(code));
        end(
          well
            ? undefined
            : `${command} ended with ${code ?? signal}: ${this.#output.slice(-2_000)}`,
        );
      });
    });
  }

  /** The end of what it has said, on stdout and stderr. */
  get output(): string {
    return this.#output;
  }

  /** Resolves once it has said `words`. */
  async says(words: string | RegExp, deadlineMs = 20_000): Promise<void> {
    const said = (): boolean =>
      typeof words === 'string' ? this.#output.includes(words) : words.test(this.#output);
    await new Promise<void>((resolve, reject) => {
      const settle = (failure?: string): void => {
        clearTimeout(timer);
        this.#listeners.delete(look);
        if (failure === undefined) resolve();
        else reject(new Error(`${failure}; ${this.name} said: ${this.#output.slice(-2_000)}`));
      };
      const look = (): void => {
        if (said()) settle();
      };
      const timer = setTimeout(() => settle(`waited ${deadlineMs} ms for ${words}`), deadlineMs);
      this.#listeners.add(look);
      void this.ended.then((why) => settle(why ?? `${this.name} ended`));
      look();
    });
  }

  /** Asks it to end with a signal, and insists when the grace is over. Does not fail. */
  async stop(signal: NodeJS.Signals = 'SIGTERM', graceMs = 5_000): Promise<void> {
    this.#stopping = true;
    this.#child.kill(signal);
    const insist = setTimeout(() => this.#child.kill('SIGKILL'), graceMs);
    await this.ended;
    clearTimeout(insist);
  }

  /** As a user would who presses Ctrl-C twice: ffmpeg does not leave a read for one alone. */
  async interrupt(): Promise<void> {
    const again = setTimeout(() => this.#child.kill('SIGINT'), 500);
    await this.stop('SIGINT');
    clearTimeout(again);
  }

  /** Waits for its end. @throws Error with its last words when it did not end well. */
  async finish(): Promise<void> {
    const reason = await this.ended;
    if (reason !== undefined) throw new Error(reason);
  }
}

/** Runs a program to its end. @throws Error with its last words when it fails or takes too long. */
export async function runPeer(
  command: string,
  args: readonly string[],
  options?: PeerProcessOptions,
): Promise<string> {
  const peer = new PeerProcess(command, args, options);
  await peer.finish();
  return peer.output;
}
