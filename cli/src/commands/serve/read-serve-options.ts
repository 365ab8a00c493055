import { appError, reason, type ErrorData, type ReasonCode } from '@tallylight/contract';
import {
  readServerUrl,
  whyNotInto,
  type BuiltInServerAddresses,
  type BuiltInServerOptions,
  type RelayTarget,
} from '@tallylight/engine';
import { splitWholeUrl } from 'node-rtmp-client';
import { isLoopbackHost } from 'node-rtmp-client/address';
import { readVariable } from '../../destinations.js';
import { parseBitrate, parseHostPort, parseSeconds } from '../../option-values.js';
import { readTls } from './read-tls.js';

/** As they are typed. */
export interface ServeOptions {
  readonly rtmp?: string;
  readonly http?: string;
  readonly public?: boolean;
  readonly publishKey?: string;
  readonly publishKeyEnv?: string;
  readonly publishAuth?: boolean;
  readonly playKey?: string;
  readonly playKeyEnv?: string;
  readonly onPublish?: string;
  readonly onPlay?: string;
  readonly maxBitrate?: string;
  readonly maxDuration?: string;
  readonly maxConnections?: string;
  readonly metrics?: boolean;
  readonly hlsSegment?: string;
  readonly record?: string;
  readonly push: readonly string[];
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly json?: boolean;
}

const invalid = (code: ReasonCode, data?: ErrorData): Error =>
  appError('INVALID_OPTION', { reason: reason(code, data) });

/** Seconds. Shorter ones are more requests than picture; longer ones make viewers wait. */
const segmentBounds = { least: 1, most: 10 };

/**
 * What the command line says of a server.
 *
 * @throws AppError `INVALID_OPTION`, also for a server that others could reach, and publish to without a key.
 */
export async function readServeOptions(
  options: ServeOptions,
  environment: NodeJS.ProcessEnv,
): Promise<{
  readonly listen: BuiltInServerAddresses;
  readonly server: Omit<BuiltInServerOptions, 'logger'>;
}> {
  const host = options.public === true ? '0.0.0.0' : '127.0.0.1';
  const listen = {
    rtmp: parseHostPort('--rtmp', options.rtmp ?? `${host}:1935`, '127.0.0.1:1935'),
    http: parseHostPort('--http', options.http ?? `${host}:8080`, '127.0.0.1:8080'),
  };
  if (options.public === true && [listen.rtmp, listen.http].every((at) => isLoopbackHost(at.host)))
    throw invalid('public-opens-nothing');
  const publishKey = readServerKey('publish', options, environment);
  const playKey = readServerKey('play', options, environment);
  if (!isLoopbackHost(listen.rtmp.host) && publishKey === undefined)
    throw invalid('public-needs-key');
  if (options.publishAuth === true && publishKey === undefined) throw invalid('auth-needs-key');
  const segmentSeconds = readSegment(options.hlsSegment);
  const tls = await readTls(options.tlsCert, options.tlsKey);
  if (options.record !== undefined) await assertFolder(options.record);
  const server = {
    ...(publishKey !== undefined && { publishKey }),
    ...(options.publishAuth === true && { publishAuth: true }),
    ...(playKey !== undefined && { playKey }),
    ...readHooks(options),
    ...readLimits(options),
    ...(options.metrics === true && { metrics: true }),
    ...readConnections(options.maxConnections),
    ...(segmentSeconds !== undefined && { segments: { segmentSeconds } }),
    ...(tls && { tls }),
    ...(options.record !== undefined && { recordTo: options.record }),
    pushTo: options.push.map(readTarget),
  };
  return { listen, server };
}

/** The key for publishing or for playing, as it is typed or in a variable. @throws AppError `INVALID_OPTION`. */
export function readServerKey(
  what: 'publish' | 'play',
  options: Pick<ServeOptions, 'publishKey' | 'publishKeyEnv' | 'playKey' | 'playKeyEnv'>,
  environment: NodeJS.ProcessEnv,
): string | undefined {
  const option = `--${what}-key`;
  const [typed, variable] = [options[`${what}Key`], options[`${what}KeyEnv`]];
  if (typed !== undefined && variable !== undefined) {
    throw invalid('only-one-option', { options: `${option}, ${option}-env` });
  }
  const key = variable === undefined ? typed : readVariable(`${option}-env`, variable, environment);
  if (key === '') throw invalid('empty-server-key', { option });
  return key;
}

/** Their addresses may hold passwords: none is in an error. */
function readHooks({
  onPublish,
  onPlay,
}: ServeOptions): Pick<BuiltInServerOptions, 'onPublish' | 'onPlay'> {
  for (const [option, url] of [
    ['--on-publish', onPublish],
    ['--on-play', onPlay],
  ] as const) {
    if (url !== undefined && !/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : ''))
      throw invalid('not-a-hook', { option });
  }
  return { ...(onPublish !== undefined && { onPublish }), ...(onPlay !== undefined && { onPlay }) };
}

function readLimits({
  maxBitrate,
  maxDuration,
}: ServeOptions): Pick<BuiltInServerOptions, 'publishLimits'> {
  // A bare number is in kbit/s, in which nobody means less.
  const rate = maxBitrate !== undefined && /^\d+$/.test(maxBitrate) ? `${maxBitrate}k` : maxBitrate;
  const bitsPerSecond = rate === undefined ? undefined : parseBitrate('--max-bitrate', rate);
  if (bitsPerSecond !== undefined && bitsPerSecond < leastBitrate)
    throw invalid('too-small', { option: '--max-bitrate', minimum: `${leastBitrate / 1000}k` });
  const milliseconds =
    maxDuration === undefined ? undefined : parseSeconds('--max-duration', maxDuration);
  if (milliseconds !== undefined && milliseconds > longestStreamMs)
    throw invalid('too-big', { option: '--max-duration', maximum: longestStreamMs / 1000 });
  return {
    publishLimits: { bitsPerSecond, milliseconds },
  };
}

/** One address may have three quarters of them, so that one machine cannot keep the others out. */
function readConnections(text: string | undefined): Pick<BuiltInServerOptions, 'limits'> {
  if (text === undefined) return {};
  const most = /^\d+$/.test(text) ? Number(text) : 0;
  if (most < 1 || most > mostConnections) {
    const bounds = { minimum: 1, maximum: mostConnections };
    throw invalid('not-a-number-between', { option: '--max-connections', text, ...bounds });
  }
  const each = { maxConnections: most, maxConnectionsPerAddress: Math.ceil(most * 0.75) };
  return { limits: { rtmp: each, http: each } };
}

/** More than one process can serve. */
const mostConnections = 100_000;

/** Bits per second; below it nothing that can be called a picture passes. */
const leastBitrate = 10_000;
/** Two weeks; a timer cannot wait for much more. */
const longestStreamMs = 14 * 24 * 60 * 60 * 1000;

function readSegment(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const { least, most } = segmentBounds;
  const seconds = /^\d+(\.\d+)?s?$/.test(text) ? Number.parseFloat(text) : 0;
  if (seconds < least || seconds > most)
    throw invalid('segment-out-of-range', { text, least, most });
  return seconds;
}

/** `rtmp://HOST/APP`, where each stream keeps its name, or `rtmp://HOST/APP/KEY`. */
function readTarget(url: string): RelayTarget {
  const whole = splitWholeUrl(url);
  const address = readServerUrl(whole?.serverUrl ?? url);
  const { credentials, streamKey } = whole ?? {};
  return {
    address: credentials ? { ...address, credentials } : address,
    ...(streamKey !== undefined && { streamKey }),
  };
}

async function assertFolder(folder: string): Promise<void> {
  const why = await whyNotInto(folder);
  if (why !== undefined) throw invalid('file-not-written', { file: folder, why });
}
