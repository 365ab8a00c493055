import { appError, reason, type ErrorData, type ReasonCode } from '@tallylight/contract';
import { type DestinationTarget } from '@tallylight/engine';
import { parseAddress } from './rtmp-address.js';

/** Where the keys of a command line come from: `--to`, `--key`, `--key-env` and `--profile` together. */
export interface DestinationOptions {
  readonly to: readonly string[];
  readonly key?: string | undefined;
  readonly keyEnv?: string | undefined;
  readonly profile?: string | undefined;
}

/** A saved destination, as the engine gives it. */
export type FindProfile = (name: string) => Promise<Omit<DestinationTarget, 'id'>>;

/**
 * The destinations of a command line. `--to` holds the key as its last path segment, unless the key comes from
 * elsewhere; then it is the server URL alone. `--profile` alone goes to the profile's own server.
 *
 * @throws AppError `INVALID_OPTION`, `INVALID_URL`, `EMPTY_KEY` or what `findProfile` throws. None of them tells a key.
 */
export async function resolveDestinations(
  options: DestinationOptions,
  environment: NodeJS.ProcessEnv,
  findProfile: FindProfile,
): Promise<DestinationTarget[]> {
  const given = [options.key, options.keyEnv, options.profile].filter((o) => o !== undefined);
  if (given.length > 1) {
    throw invalid('only-one-option', { options: '--key, --key-env, --profile' });
  }
  if (options.profile !== undefined) {
    const profile = await findProfile(options.profile);
    const { name, serverUrl, streamKey } = profile;
    if (options.to.length === 0) {
      return [{ ...profile, ...serverDestination(serverUrl, streamKey, 0, name) }];
    }
    const nameOfOne = options.to.length === 1 ? name : undefined;
    return options.to.map((url, index) => serverDestination(url, streamKey, index, nameOfOne));
  }
  if (options.to.length === 0) throw invalid('no-destination');
  const key = options.keyEnv === undefined ? options.key : environment[options.keyEnv];
  if (options.keyEnv !== undefined && key === undefined) {
    throw invalid('variable-not-set', { variable: options.keyEnv, option: '--key-env' });
  }
  return options.to.map((url, index) =>
    key === undefined ? fullDestination(url, index) : serverDestination(url, key, index),
  );
}

/** A URL whose last path segment is the key. */
function fullDestination(url: string, index: number): DestinationTarget {
  const { serverUrl, streamName } = parseAddress(url, true);
  return destination(serverUrl, streamName ?? '', index);
}

function serverDestination(
  url: string,
  key: string,
  index: number,
  name?: string,
): DestinationTarget {
  return destination(parseAddress(url, false).serverUrl, key, index, name);
}

function destination(
  serverUrl: string,
  key: string,
  index: number,
  name = serverUrl,
): DestinationTarget {
  const streamKey = key.trim();
  if (streamKey === '') throw appError('EMPTY_KEY', { destination: name });
  return { id: `${index + 1}`, name, serverUrl, streamKey };
}

const invalid = (code: ReasonCode, data?: ErrorData): Error =>
  appError('INVALID_OPTION', { reason: reason(code, data) });
