import { appError, reason } from '@tallylight/contract';

/** What a line on stdin asks a running broadcast to do. */
export type ControlCommand =
  | { readonly type: 'add'; readonly to: string }
  | { readonly type: 'add'; readonly profile: string }
  /** `name`: as it stands in the figures, or its id. */
  | { readonly type: 'remove' | 'retry'; readonly name: string };

/** Far more than any URL. Characters. */
export const longestControlLine = 16 * 1024;

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
  const [field, ...others] = Object.entries(rest);
  if (!field || others.length > 0) throw notACommand();
  const [key, text] = field;
  if (typeof text !== 'string' || text === '') throw notACommand();
  if (type === 'add' && key === 'to') return { type, to: text };
  if (type === 'add' && key === 'profile') return { type, profile: text };
  if ((type === 'remove' || type === 'retry') && key === 'name') return { type, name: text };
  throw notACommand();
}

const notACommand = (): Error =>
  appError('INVALID_OPTION', { reason: reason('not-a-control-line') });
