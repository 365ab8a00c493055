import type { FrameAccount } from '@tallylight/contract';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type JsonLine = Record<string, unknown> & { readonly type: string };

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** From the start to the exit, in milliseconds. */
  readonly elapsedMs: number;
  /** stdout as JSON lines. */
  readonly lines: readonly JsonLine[];
  readonly summary: Summary;
}

export interface Summary {
  readonly durationMs: number;
  readonly video: { frames: number; keyframes: number; bytes: number; account?: FrameAccount };
  readonly audio: { frames: number; bytes: number };
  readonly destinations: {
    url: string;
    state: string;
    bytesSent: number;
    framesSent: number;
    framesDropped: number;
    framesMissed: number;
    lastError?: { code: string };
    goLiveMs?: number;
  }[];
  readonly recording?: { path: string; bytes: number };
  readonly lastError?: { code: string; message: string; remedy: string };
  readonly [more: string]: unknown;
}

/** Text of whole lines. */
export const parseLines = (text: string): JsonLine[] =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as JsonLine);

/** An environment with a data folder of its own, unless `env` names one. */
export function withDataFolder(env: NodeJS.ProcessEnv = {}): {
  readonly env: NodeJS.ProcessEnv;
  readonly removeFolder: () => void;
} {
  const own = env['TALLYLIGHT_DATA_DIR'] === undefined;
  const folder = own ? mkdtempSync(join(tmpdir(), 'tallylight-cli-test-')) : undefined;
  return {
    env: {
      ...process.env,
      ...(folder !== undefined && { TALLYLIGHT_DATA_DIR: folder }),
      TALLYLIGHT_SECRETS: 'key-file',
      ...env,
    },
    removeFolder: () => {
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}
