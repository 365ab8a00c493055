import { appError, reason, type ErrorData, type ReasonCode } from '@tallylight/contract';
import type { BuiltInServerAddresses } from '@tallylight/engine';
import { readVariable } from '../../destinations.js';
import { parseHostPort, parseSeconds } from '../../option-values.js';

/** As they are typed. */
export interface ServeOptions {
  readonly rtmp?: string;
  readonly http?: string;
  readonly public?: boolean;
  readonly publishKey?: string;
  readonly publishKeyEnv?: string;
  readonly hlsSegment?: string;
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
export function readServeOptions(
  options: ServeOptions,
  environment: NodeJS.ProcessEnv,
): {
  readonly listen: BuiltInServerAddresses;
  readonly publishKey: string | undefined;
  readonly segmentSeconds: number | undefined;
} {
  const host = options.public === true ? '0.0.0.0' : '127.0.0.1';
  const listen = {
    rtmp: parseHostPort('--rtmp', options.rtmp ?? `${host}:1935`, '127.0.0.1:1935'),
    http: parseHostPort('--http', options.http ?? `${host}:8080`, '127.0.0.1:8080'),
  };
  const publishKey = readPublishKey(options, environment);
  if (!isLoopback(listen.rtmp.host) && publishKey === undefined) throw invalid('public-needs-key');
  return { listen, publishKey, segmentSeconds: readSegment(options.hlsSegment) };
}

export const isLoopback = (host: string): boolean =>
  host === '::1' || host === 'localhost' || host.startsWith('127.');

function readPublishKey(
  { publishKey, publishKeyEnv }: ServeOptions,
  environment: NodeJS.ProcessEnv,
): string | undefined {
  if (publishKey !== undefined && publishKeyEnv !== undefined) {
    throw invalid('only-one-option', { options: '--publish-key, --publish-key-env' });
  }
  if (publishKeyEnv !== undefined)
    return readVariable('--publish-key-env', publishKeyEnv, environment);
  if (publishKey === '') throw invalid('empty-publish-key');
  return publishKey;
}

function readSegment(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = parseSeconds('--hls-segment', text) / 1000;
  const { least, most } = segmentBounds;
  if (seconds < least || seconds > most)
    throw invalid('segment-out-of-range', { text, least, most });
  return seconds;
}
