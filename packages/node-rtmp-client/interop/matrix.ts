import type { TestContext } from 'vitest';
import type { Player, Publisher, Server } from './roles.js';

/** One line of docs/measurements/interop.md. */
export interface MatrixRow {
  readonly publishes: string;
  readonly serves: string;
  readonly plays: string;
  readonly media: string;
  /** What is odd about it, and whose doing that is. */
  readonly note: string;
  /** What came of it; absent when it failed or was not tried. */
  result?: string;
}

declare module 'vitest' {
  interface TaskMeta {
    interop?: MatrixRow;
  }
}

export interface InteropCase {
  readonly publishes: Pick<Publisher, 'name' | 'program' | 'flatTimes'>;
  readonly serves: Pick<Server, 'name' | 'program' | 'sendsOnStreamZero'>;
  readonly plays: Pick<Player, 'name' | 'program' | 'isStrictAboutStreams'>;
  readonly media?: string;
  readonly note?: string;
  /** Why it cannot work; it is not tried then. */
  readonly cannot?: string | undefined;
}

/** What `npm run test:interop` could not find, nor install. */
const missing = (process.env['INTEROP_MISSING'] ?? '').split(',');

/** Runs one case and has its line written; skips it where a program is missing, or it cannot be. */
export async function tryCase(
  { task, skip }: TestContext,
  { publishes, serves, plays, media = 'H.264, AAC', note, cannot }: InteropCase,
  run: () => Promise<string>,
): Promise<void> {
  const notes = [note, publishes.flatTimes];
  const row: MatrixRow = {
    publishes: publishes.name,
    serves: serves.name,
    plays: plays.name,
    media,
    note: notes.filter((words) => words !== undefined).join('; '),
  };
  task.meta.interop = row;
  const lacking = [publishes, serves, plays].find(
    ({ program }) => program !== undefined && missing.includes(program),
  );
  if (lacking !== undefined) skip(`${lacking.program} is missing`);
  if (cannot !== undefined) skip(cannot);
  if (serves.sendsOnStreamZero === true && plays.isStrictAboutStreams === true) {
    skip(`${serves.name} sends media on message stream 0, which ${plays.name} passes over`);
  }
  row.result = await run();
}
