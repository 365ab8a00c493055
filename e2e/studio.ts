import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Settings } from '@tallylight/contract';

const command = fileURLToPath(new URL('../cli/bin/tallylight.js', import.meta.url));

export interface Studio {
  /** With its one-time token. */
  readonly url: string;
  readonly dataDirectory: string;
  readonly process: ChildProcess;
  /** Everything it printed so far, on stdout and stderr. */
  output(): string;
  stop(): Promise<void>;
}

/** For tests to which the picture does not matter: encoding the usual size costs the most of what they cost. */
export const smallPicture = { width: 640, height: 360, videoBitrate: 1_000_000 };

export interface StudioOptions {
  readonly env?: Record<string, string>;
  /** What it remembers from a run before. */
  readonly settings?: Partial<Settings>;
}

/** Starts the browser shell with a data directory of its own and waits for its URL. */
export async function startStudio({ env, settings }: StudioOptions = {}): Promise<Studio> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'tallylight-studio-'));
  if (settings) await writeFile(join(dataDirectory, 'settings.json'), JSON.stringify(settings));
  const child = spawn(process.execPath, [command, 'studio', '--no-open', '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      TALLYLIGHT_DATA_DIR: dataDirectory,
      TALLYLIGHT_SECRETS: 'key-file',
      TALLYLIGHT_LOG: 'debug',
      ...env,
    },
  });
  let output = '';
  child.stderr.on('data', (data: Buffer) => (output += data.toString()));
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    const deadline = setTimeout(() => reject(new Error(`studio said no URL: ${output}`)), 60_000);
    child.once('exit', () => reject(new Error(`studio ended: ${output}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      output += `${line}\n`;
      const message = JSON.parse(line) as { type: string; url?: string };
      if (message.type !== 'ready' || message.url === undefined) return;
      clearTimeout(deadline);
      resolve(message.url);
    });
  });
  return {
    url,
    dataDirectory,
    process: child,
    output: () => output,
    stop: async () => {
      child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), 30_000);
      await exited;
      clearTimeout(force);
      await rm(dataDirectory, { recursive: true, force: true });
    },
  };
}
