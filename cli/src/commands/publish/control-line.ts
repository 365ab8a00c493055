import { appError, encodingFields, reason } from '@tallylight/contract';
import { parseBitrate } from '../../option-values.js';

/** What a line on stdin asks a running broadcast to do. */
export type ControlCommand =
  | { readonly type: 'add'; readonly to: string }
  | { readonly type: 'add'; readonly profile: string }
  /** `name`: as it stands in the figures, or its id. */
  | { readonly type: 'remove' | 'retry'; readonly name: string }
  /** Bits per second, at most. */
  | { readonly type: 'bitrate'; readonly videoBitrate: number };

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
  if (type === 'bitrate' && key === 'videoBitrate')
    return { type, videoBitrate: readBitrate(text) };
  if (typeof text !== 'string' || text === '') throw notACommand();
  if (type === 'add' && key === 'to') return { type, to: text };
  if (type === 'add' && key === 'profile') return { type, profile: text };
  if ((type === 'remove' || type === 'retry') && key === 'name') return { type, name: text };
  throw notACommand();
}

/** A number, or as the option has it. */
function readBitrate(value: unknown): number {
  const bitrate = typeof value === 'string' ? tryBitrate(value) : value;
  const parsed = encodingFields.videoBitrate.safeParse(bitrate);
  if (!parsed.success) throw notACommand();
  return parsed.data;
}

/** The error of an option would repeat what was typed. */
function tryBitrate(text: string): number | undefined {
  try {
    return parseBitrate('videoBitrate', text);
  } catch {
    return undefined;
  }
}

const notACommand = (): Error =>
  appError('INVALID_OPTION', { reason: reason('not-a-control-line') });
