import { appError, encodingFields, reason } from '@tallylight/contract';
import { parseBitrate } from '../../option-values.js';

/** What a line on stdin asks a running broadcast to do. */
export type ControlCommand =
  | { readonly type: 'add'; readonly to: string }
  | { readonly type: 'add'; readonly profile: string }
  /** `name`: as it stands in the figures, or its id. */
  | { readonly type: 'remove' | 'retry'; readonly name: string }
  /** Bits per second, at most. */
  | { readonly type: 'bitrate'; readonly videoBitrate: number }
  /** Into a new file. */
  | { readonly type: 'record' | 'save-replay'; readonly path: string }
  /** Of every recording that runs. */
  | { readonly type: RecordingCommand };

type RecordingCommand = 'stop-recording' | 'pause-recording' | 'resume-recording';

/** Far more than any URL. Characters. */
export const longestControlLine = 16 * 1024;

/** What each takes; where there are several, one of them. */
type TextCommand = Exclude<ControlCommand, { readonly type: 'bitrate' }>;

const fields: Readonly<Record<TextCommand['type'], readonly string[]>> = {
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
  if (type === 'bitrate') return { type, videoBitrate: readBitrate(rest) };
  if (typeof type !== 'string' || !Object.hasOwn(fields, type)) throw notACommand();
  const taken = fields[type as TextCommand['type']];
  const given = Object.entries(rest);
  if (given.length !== Math.min(taken.length, 1)) throw notACommand();
  for (const [field, text] of given) {
    if (!taken.includes(field) || typeof text !== 'string' || text === '') throw notACommand();
  }
  return { type, ...rest } as ControlCommand;
}

/** A number, or as the option has it. */
function readBitrate({
  videoBitrate: value,
  ...others
}: Readonly<Record<string, unknown>>): number {
  if (Object.keys(others).length > 0) throw notACommand();
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
