import { appError, reason } from '@tallylight/contract';

/** What a line on stdin asks a running broadcast to do. */
export type ControlCommand =
  | { readonly type: 'add'; readonly to: string }
  | { readonly type: 'add'; readonly profile: string }
  /** `name`: as it stands in the figures, or its id. */
  | { readonly type: 'remove' | 'retry'; readonly name: string }
  /** Into a new file. */
  | { readonly type: 'record' | 'save-replay'; readonly path: string }
  /** Of every recording that runs. */
  | { readonly type: RecordingCommand };

type RecordingCommand = 'stop-recording' | 'pause-recording' | 'resume-recording';

/** Far more than any URL. Characters. */
export const longestControlLine = 16 * 1024;

/** What each takes; where there are several, one of them. */
const fields: Readonly<Record<ControlCommand['type'], readonly string[]>> = {
  add: ['to', 'profile'],
  remove: ['name'],
  retry: ['name'],
  record: ['path'],
  'save-replay': ['path'],
  'stop-recording': [],
  'pause-recording': [],
  'resume-recording': [],
};

/**
 * Reads one line, a JSON object. It may hold a key, and so what is thrown tells nothing of it.
 *
 * @throws AppError `INVALID_OPTION`.
 */
export function parseControlLine(line: string): ControlCommand {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw notACommand();
  }
  if (typeof value !== 'object' || value === null) throw notACommand();
  const { type, ...rest } = value as Readonly<Record<string, unknown>>;
  if (typeof type !== 'string' || !Object.hasOwn(fields, type)) throw notACommand();
  const taken = fields[type as ControlCommand['type']];
  const given = Object.entries(rest);
  if (given.length !== Math.min(taken.length, 1)) throw notACommand();
  for (const [field, text] of given) {
    if (!taken.includes(field) || typeof text !== 'string' || text === '') throw notACommand();
  }
  return { type, ...rest } as ControlCommand;
}

const notACommand = (): Error =>
  appError('INVALID_OPTION', { reason: reason('not-a-control-line') });
