import {
  appError,
  fittingExample,
  mostHoldSeconds,
  mostReconnectSeconds,
  reason,
  replaySeconds,
  splitHostPort,
  type ErrorData,
  type ReasonCode,
} from '@tallylight/contract';
import type { RecordingSplit } from '@tallylight/engine';

/** A host and a TCP port; port 0 asks the system for a free one. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

export type SourceOption =
  | { readonly type: 'test' }
  | { readonly type: 'file'; readonly path: string }
  | { readonly type: 'playlist'; readonly path: string }
  | { readonly type: 'camera'; readonly id: string; readonly microphoneId?: string }
  /** What is published here under a name. */
  | { readonly type: 'stream'; readonly app: string; readonly name: string }
  /** A stream of another server. */
  | { readonly type: 'pulled-stream'; readonly url: string };

const invalid = (code: ReasonCode, option: string, text: string, more?: ErrorData): Error =>
  appError('INVALID_OPTION', { reason: reason(code, { option, text, ...more }) });

/** Bits per second, in range or not, from `2500k`, `2.5M` or `128000`. */
export function parseBitrate(option: string, text: string): number {
  const match = /^(-?\d+(?:\.\d+)?)([kKmM]?)$/.exec(text);
  const factor = { '': 1, k: 1_000, m: 1_000_000 }[match?.[2]?.toLowerCase() ?? ''];
  if (!match || factor === undefined) {
    throw invalid('not-a-bitrate', option, text);
  }
  return Math.round(Number(match[1]) * factor);
}

/** As it is typed: `50k`, `100M`. */
export function formatBitrate(bitsPerSecond: number): string {
  if (bitsPerSecond % 1_000_000 === 0) return `${bitsPerSecond / 1_000_000}M`;
  return `${bitsPerSecond / 1_000}k`;
}

/** Pixels from `1280x720`, also as it is typed elsewhere: `1280*720`, `1280×720`. Which sizes there are, others know. */
export function parseSize(option: string, text: string): { width: number; height: number } {
  const match = /^(\d+)[x×*](\d+)$/i.exec(text);
  if (!match) throw invalid('not-a-size', option, text);
  return { width: Number(match[1]), height: Number(match[2]) };
}

/** Frames per second, in range or not, such as `30` or `29.97`. */
export function parseFps(option: string, text: string): number {
  if (!/^-?\d+(\.\d+)?$/.test(text)) throw invalid('not-a-frame-rate', option, text);
  return Number(text);
}

/** Milliseconds from seconds such as `10`, `2.5` or `10s`. */
export function parseSeconds(option: string, text: string): number {
  const seconds = /^\d+(\.\d+)?s?$/.test(text) ? Number(text.replace(/s$/, '')) : 0;
  if (seconds === 0) throw invalid('not-seconds', option, text);
  return Math.round(seconds * 1000);
}

/** For how long it is tried to reconnect, from `forever`, or a time such as `90s`, `10m`, `2h`; `0`: not at all. */
export function parseReconnectTime(
  option: string,
  text: string,
): { readonly reconnectLimitMs?: number } {
  if (text === 'forever') return {};
  const [, number, unit = 's'] = /^(\d+(?:\.\d+)?)([smh])?$/.exec(text) ?? [];
  const seconds = Number(number) * ({ s: 1, m: 60, h: 3_600 }[unit] ?? NaN);
  if (!(seconds <= mostReconnectSeconds)) throw invalid('not-a-reconnect-time', option, text);
  return { reconnectLimitMs: Math.round(1_000 * seconds) };
}

/** Milliseconds of picture that are held, from seconds; 0: none. */
export function parseHold(option: string, text: string): number {
  const seconds = /^\d+(\.\d+)?s?$/.test(text) ? Number(text.replace(/s$/, '')) : Infinity;
  if (seconds > mostHoldSeconds) {
    throw invalid('not-a-hold-time', option, text, { seconds: mostHoldSeconds });
  }
  return Math.round(1_000 * seconds);
}

/** How long, or how big, a file of a recording gets: `10m`, `90s`, `1h`, or `500MB`, `2GB`. */
export function parseSplit(option: string, text: string): RecordingSplit {
  const [, digits = '', unit = ''] = /^(\d+(?:\.\d+)?)(s|m|h|MB|GB)$/i.exec(text) ?? [];
  const number = Number(digits);
  const seconds = { s: 1, m: 60, h: 3600 }[unit.toLowerCase()];
  const bytes = { mb: 1_000_000, gb: 1_000_000_000 }[unit.toLowerCase()];
  if (number > 0 && seconds !== undefined) return { seconds: number * seconds };
  if (number > 0 && bytes !== undefined) return { bytes: number * bytes };
  throw invalid('not-a-split', option, text);
}

/** How many seconds a replay buffer holds. */
export function parseReplaySeconds(option: string, text: string): number {
  const { least: minimum, most: maximum } = replaySeconds;
  const seconds = /^\d+s?$/.test(text) ? Number(text.replace(/s$/, '')) : 0;
  if (seconds >= minimum && seconds <= maximum) return seconds;
  throw invalid('not-a-replay-length', option, text, { minimum, maximum });
}

/**
 * `HOST:PORT`, with brackets around an IPv6 address.
 *
 * @param example what fits.
 */
export function parseHostPort(option: string, text: string, example: string): HostPort {
  const parts = splitHostPort(text);
  if (parts === undefined) {
    // An IPv6 address needs its brackets.
    throw invalid('not-host-and-port', option, text, { example: fittingExample(text, example) });
  }
  return { host: parts.host, port: parsePort(option, parts.port) };
}

/** A TCP port; 0 asks the system for a free one. */
export function parsePort(option: string, text: string): number {
  const port = /^\d+$/.test(text) ? Number(text) : Infinity;
  if (port > 65_535) throw invalid('not-a-port', option, text);
  return port;
}

/** `HOST:PORT` as it stands in a URL. */
export const formatHostPort = ({ host, port }: HostPort): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;

/**
 * `test`, `file:PATH`, `playlist:FILE`, `camera:ID[,mic:ID]`, `stream:APP/NAME` or the URL of a stream; ids may hold commas,
 * so the separator is the literal `,mic:`.
 */
export function parseSource(text: string): SourceOption {
  if (text === 'test') return { type: 'test' };
  const [kind, rest = ''] = splitOnce(text, ':');
  if (/^rtmps?:\/\//i.test(text)) return { type: 'pulled-stream', url: text };
  if (kind === 'stream') return parseStreamName(rest);
  if ((kind === 'file' || kind === 'playlist') && rest) return { type: kind, path: rest };
  if (kind === 'camera' && rest) {
    const [id, microphoneId] = splitOnce(rest, ',mic:');
    if (id && microphoneId === undefined) return { type: 'camera', id };
    if (id && microphoneId) return { type: 'camera', id, microphoneId };
  }
  throw invalid('not-a-source', '--source', text);
}

/** The application may itself have slashes. What no publisher can name, nobody can wait for. */
function parseStreamName(text: string): SourceOption {
  const [, app, name] = /^(.+)\/([^/]+)$/.exec(text) ?? [];
  const cannotCome = /[?#\p{Cc}\p{Cf}]|^\/|\/\/|^\s|\s$/u;
  if (app === undefined || name === undefined || cannotCome.test(text))
    throw invalid('not-a-stream', '--source', text);
  return { type: 'stream', app, name };
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)];
}
