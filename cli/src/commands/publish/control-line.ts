import {
  appError,
  encodingFields,
  reason,
  type ErrorData,
  type Reason,
  type ReasonCode,
  type Wording,
} from '@tallylight/contract';
import { formatBitrate, parseBitrate } from '../../option-values.js';
import {
  controlCommands,
  isControlType,
  shapeOf,
  type ControlFieldKind,
  type ControlType,
} from '../control-commands.js';

/** What a line on stdin asks a running broadcast to do. */
export type ControlCommand =
  | { readonly type: 'add'; readonly to: string }
  | { readonly type: 'add'; readonly profile: string }
  /** `name`: as it stands in the figures, or its id. */
  | { readonly type: 'remove' | 'retry'; readonly name: string }
  /** Bits per second, at most. */
  | { readonly type: 'bitrate'; readonly videoBitrate: number }
  /** Into a new file. */
  | { readonly type: 'record'; readonly path: string }
  | { readonly type: 'save-replay'; readonly path: string }
  /** Of the recording of that name, path or id; of the only one where absent. */
  | { readonly type: RecordingCommand; readonly name?: string };

export type RecordingCommand = 'stop-recording' | 'pause-recording' | 'resume-recording';

/** What whoever asks calls the line, so that the answer can be told from others. */
export type ControlId = string | number;

/** A line, of which nothing is known but what to call it. */
export interface ControlRequest {
  readonly id?: ControlId;
  readonly type: unknown;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Far more than any URL. Characters. */
export const longestControlLine = 16 * 1024;

const longestId = 64;

/** What is repeated of a wrong value is no longer than this, and no key either: those are longer, or have other signs. */
const longestEcho = 24;

/** A line that is too long to be read. */
export const lineTooLong = (): Error =>
  refusal('control-too-long', { maximum: longestControlLine });

/**
 * Reads one line, a JSON object. It may hold a key, and so what is thrown tells of it only what cannot be one.
 *
 * @throws AppError `INVALID_OPTION`.
 */
export function readControlLine(line: string): ControlRequest {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw noObject();
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw noObject();
  const { id, type, ...fields } = value as Readonly<Record<string, unknown>>;
  if (id === undefined) return { type, fields };
  const isId = typeof id === 'string' ? id.length <= longestId : Number.isSafeInteger(id);
  if (!isId || (typeof id !== 'string' && typeof id !== 'number')) {
    const expected = reason('expects-line-id', { maximum: longestId });
    throw refusal('control-field', {
      ...{ command: isControlType(type) ? type : '…', field: 'id', expected, got: kindOf(id) },
    });
  }
  return { id, type, fields };
}

/** What a line asks for. @throws AppError `INVALID_OPTION`: which field is wrong, what it may be, and what was given. */
export function parseControlCommand({ type, fields: given }: ControlRequest): ControlCommand {
  if (!isControlType(type)) {
    const types = Object.keys(controlCommands).join(', ');
    const got = typeof type === 'string' && isPlainWord(type) ? `"${type}"` : kindOf(type);
    throw refusal('control-type', { types, got });
  }
  const { fields, isOptional = false } = shapeOf(type);
  const names = Object.keys(fields);
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const got = isPlainWord(unknown) ? `"${unknown}"` : reason('given-other-field');
    throw refusal('control-unknown-field', {
      ...{ command: type, fields: [...names, 'id'].join(', '), got },
    });
  }
  const [[field, value] = [], ...more] = Object.entries(given);
  if (field === undefined && isOptional) return { type } as ControlCommand;
  if (names.length > 1 && (field === undefined || more.length > 0)) {
    const got = reason(field === undefined ? 'given-nothing' : 'given-several');
    throw refusal('control-one-of', { command: type, fields: names.join(', '), got });
  }
  const name = field ?? names[0] ?? '';
  const kind = fields[name];
  if (kind === undefined) throw new Error(`"${type}" has no field`);
  return { type, [name]: readField(type, name, kind, value) } as ControlCommand;
}

function readField(
  command: ControlType,
  field: string,
  kind: ControlFieldKind,
  value: unknown,
): string | number {
  const read = kind === 'bitrate' ? bitrateOf(value) : textOf(value);
  if (read !== undefined) return read;
  const got = kind === 'bitrate' ? shown(value) : kindOf(value);
  throw refusal('control-field', { command, field, expected: expectedOf(kind), got });
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value : undefined;

/** A number, or as the option has it. */
function bitrateOf(value: unknown): number | undefined {
  const bitrate = typeof value === 'string' ? tryBitrate(value.trim()) : value;
  return encodingFields.videoBitrate.safeParse(bitrate).data;
}

function tryBitrate(text: string): number | undefined {
  try {
    return parseBitrate('videoBitrate', text);
  } catch {
    return undefined;
  }
}

function expectedOf(kind: ControlFieldKind): Reason {
  switch (kind) {
    case 'bitrate': {
      const { minValue, maxValue } = encodingFields.videoBitrate;
      const minimum = formatBitrate(minValue ?? 0);
      return reason('expects-bitrate', { minimum, maximum: formatBitrate(maxValue ?? Infinity) });
    }
    case 'address':
      return reason('expects-address');
    case 'profile':
      return reason('expects-profile');
    case 'destination':
      return reason('expects-destination');
    case 'recording':
      return reason('expects-recording');
    case 'new-file':
      return reason('expects-new-file');
  }
}

/** What was typed for a name; absent where it is known to be a key. */
export const shownText = (value: string | undefined): Wording =>
  value === undefined ? reason('given-text') : shown(value);

/** A wrong figure is best seen; what is no figure may be anything. */
const shown = (value: unknown): Wording => {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string' || value === '') return kindOf(value);
  return isPlainWord(value) || /^[-+.,\d]{1,12} ?[A-Za-z/]{0,8}$/.test(value)
    ? `"${value}"`
    : reason('given-text');
};

/** Letters alone, and few: a mistyped word, and no key. */
const isPlainWord = (text: string): boolean =>
  text.length <= longestEcho && /^[A-Za-z]+(-[A-Za-z]+)*$/.test(text);

/** What it is, without what it holds. */
function kindOf(value: unknown): Reason {
  if (value === undefined || value === null || value === '') return reason('given-nothing');
  if (Array.isArray(value)) return reason('given-list');
  switch (typeof value) {
    case 'string':
      return reason(value.trim() === '' ? 'given-nothing' : 'given-text');
    case 'number':
      return reason('given-number');
    case 'boolean':
      return reason('given-boolean');
    default:
      return reason('given-object');
  }
}

const noObject = (): Error =>
  refusal('control-not-json', { example: '{"type":"retry","name":"Church"}' });

const refusal = (code: ReasonCode, data: ErrorData): Error =>
  appError('INVALID_OPTION', { reason: reason(code, data) });
