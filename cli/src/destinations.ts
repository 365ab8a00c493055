import {
  appError,
  type AppErrorInfo,
  describeError,
  keyWarnings,
  reason,
  serviceWarnings,
  type ErrorData,
  type ReasonCode,
  type StreamSettings,
} from '@tallylight/contract';
import {
  exampleApp,
  readServerUrl,
  readTypedDestination,
  readWholeUrl,
  shownPlace,
  type DestinationTarget,
} from '@tallylight/engine';
import {
  keyInServerUrl,
  splitWholeUrl,
  tidyTypedUrl,
  type Credentials,
  type RtmpAddress,
} from 'node-rtmp-client';

/** Which stream of a server: the options that `publish`, `play` and `check` share. */
export interface StreamOptions {
  readonly app?: string | undefined;
  readonly key?: string | undefined;
  readonly keyEnv?: string | undefined;
  readonly user?: string | undefined;
  readonly passwordEnv?: string | undefined;
}

/** Where the destinations of a command line come from. */
export interface DestinationOptions extends Several<StreamOptions> {
  readonly to: readonly string[];
  readonly profile?: readonly string[] | undefined;
}

/** An option for each `--to`, in their order. */
type Several<Options> = { readonly [Name in keyof Options]?: readonly string[] | undefined };

/** A saved destination, as the engine gives it. */
export type FindProfile = (name: string) => Promise<Omit<DestinationTarget, 'id'>>;

/** A server's application and a stream there, and how else the URL can be read, in the order in which to try. */
export type StreamPlace = Pick<DestinationTarget, 'address' | 'streamKey' | 'otherwise'>;

/**
 * The destinations of a command line: every `--to`, which holds the key unless an option gives it, and every `--profile`,
 * which has its own server and key. Options of streams are given for each `--to` or for none: a key that is given once
 * would go to servers that it is not meant for. The id of each is its number in that order, which stands before names that
 * would be the same.
 *
 * @throws AppError `INVALID_OPTION`, `INVALID_URL` or what `findProfile` throws. None of them tells a key.
 */
export async function resolveDestinations(
  options: DestinationOptions,
  environment: NodeJS.ProcessEnv,
  findProfile: FindProfile,
): Promise<DestinationTarget[]> {
  const { to, profile: profiles = [] } = options;
  if (to.length + profiles.length === 0) throw invalid('no-destination');
  for (const name of streamOptionNames) {
    const given = options[name]?.length ?? 0;
    if (given > 0 && given !== to.length) throw unpaired(streamOptions[name], given, to.length);
  }
  const targets = to.map((url, index) => {
    const stream = {
      ...{ app: options.app?.[index], key: options.key?.[index], keyEnv: options.keyEnv?.[index] },
      ...{ user: options.user?.[index], passwordEnv: options.passwordEnv?.[index] },
    };
    const place = resolveStream(url, stream, environment);
    return { ...place, name: shownPlace(place).url };
  });
  for (const name of profiles) targets.push(await findProfile(name));
  return targets.map((target, index) => {
    const { name } = target;
    const isShared = targets.some((other) => other !== target && other.name === name);
    const id = `${index + 1}`;
    return { ...target, id, name: isShared ? `#${id} ${name}` : name };
  });
}

const unpaired = (option: string, given: number, wanted: number): Error =>
  wanted === 0
    ? invalid('only-one-option', { options: `${option}, --profile` })
    : invalid('one-for-each-url', { option, given, wanted });

/** How the options of a stream are typed. */
export const streamOptions: Readonly<Record<keyof StreamOptions, string>> = {
  app: '--app',
  key: '--key',
  keyEnv: '--key-env',
  user: '--user',
  passwordEnv: '--password-env',
};

export const streamOptionNames = Object.keys(streamOptions) as (keyof StreamOptions)[];

/** The stream that one URL and its options name. @throws AppError as {@link resolveDestinations} does. */
export const resolveStream = (
  url: string,
  options: StreamOptions,
  environment: NodeJS.ProcessEnv,
): StreamPlace =>
  placeOf(url, {
    ...options,
    key: readKey(options, environment),
    credentials: readCredentials(options, environment),
  });

/** A stream's place, by what people call it. */
export type NamedPlace = StreamPlace & Pick<Partial<DestinationTarget>, 'name' | 'service'>;

/**
 * What is worth a word before anything is sent, though it may be just what was meant.
 *
 * @param settings what will be sent; absent where nothing is encoded, or nothing sent.
 */
export function warningsOf(target: NamedPlace, settings?: StreamSettings): AppErrorInfo[] {
  const { address, streamKey, otherwise = [] } = target;
  const { host, app, url } = shownPlace(target);
  const destination = target.name ?? url;
  const warnings: AppErrorInfo[] = [];
  if (app === '') {
    warnings.push(describeError('URL_WITHOUT_APP', { url, example: exampleApp(url) }));
  }
  // A server that has a query or a password to know us by may need no key.
  const isKeyUsual = !address.app.includes('?') && address.credentials === undefined;
  if (streamKey === '' && isKeyUsual) warnings.push(describeError('EMPTY_KEY', { destination }));
  warnings.push(...keyWarnings(streamKey, destination));
  if (isKeyInUrl(target) && otherwise.length === 0) {
    warnings.push(describeError('KEY_IN_URL', { destination }));
  }
  if (otherwise.length > 0) warnings.push(describeError('URL_READ_AS', { app, host }));
  const { service } = target;
  warnings.push(...serviceWarnings({ serverUrl: address.tcUrl, service }, settings));
  return warnings;
}

/** Whether the server's URL seems to end with the key: by its look, or since there is no other or the same. */
function isKeyInUrl({ address, streamKey }: StreamPlace): boolean {
  if (keyInServerUrl(address.tcUrl) !== undefined) return true;
  const behind = splitWholeUrl(address.tcUrl)?.streamKey;
  const isKeyless = streamKey === '' && address.credentials === undefined;
  return behind !== undefined && (isKeyless || streamKey === behind);
}

interface NamedStream {
  readonly app?: string | undefined;
  readonly key?: string | undefined;
  readonly credentials?: Credentials | undefined;
}

function placeOf(url: string, { app, key, credentials }: NamedStream): StreamPlace {
  const signed = (address: RtmpAddress): RtmpAddress =>
    credentials === undefined ? address : { ...address, credentials };
  if (app !== undefined) return placeInApp(url, app, key, signed);
  if (key !== undefined) {
    const typed = readTypedDestination({ serverUrl: url, streamKey: key.trim() });
    const { address, streamKey = '', credentials: inUrl } = typed;
    return { address: signed({ ...address, ...(inUrl && { credentials: inUrl }) }), streamKey };
  }
  const [first, ...otherwise] = readWholeUrl(url).map(({ streamName = '', ...address }) => ({
    address: signed(address),
    streamKey: streamName,
  }));
  if (first === undefined) throw new Error('a URL without a reading');
  return { ...first, ...(otherwise.length > 0 && { otherwise }) };
}

/** `--app` names the application; what the URL has behind it, or instead of it, names the stream. */
function placeInApp(
  url: string,
  app: string,
  key: string | undefined,
  signed: (address: RtmpAddress) => RtmpAddress,
): StreamPlace {
  const { app: path, credentials } = readServerUrl(url);
  const [origin = ''] = /^\s*[^/]*\/\/[^/?#]*/.exec(tidyTypedUrl(url)) ?? [];
  const address = readServerUrl(`${origin}/${app.replace(/^\/+/, '')}`);
  const isBehind = path === address.app || path.startsWith(`${address.app}/`);
  const named = isBehind ? path.slice(address.app.length + 1) : path;
  if (key !== undefined && named !== '') throw invalid('path-beside-app');
  const serverUrl = `${origin}/${app.replace(/^\/+/, '')}`;
  const typed = readTypedDestination({ serverUrl, streamKey: key?.trim() ?? named });
  return {
    address: signed({ ...address, ...(credentials && { credentials }) }),
    streamKey: typed.streamKey ?? '',
  };
}

function readKey({ key, keyEnv }: StreamOptions, environment: NodeJS.ProcessEnv) {
  if (key !== undefined && keyEnv !== undefined) {
    throw invalid('only-one-option', { options: '--key, --key-env' });
  }
  return keyEnv === undefined ? key : readVariable('--key-env', keyEnv, environment);
}

/** The user and the password of a command line. @throws AppError `INVALID_OPTION`. */
export function readCredentials(
  { user, passwordEnv }: Pick<StreamOptions, 'user' | 'passwordEnv'>,
  environment: NodeJS.ProcessEnv,
): Credentials | undefined {
  if (user === undefined && passwordEnv === undefined) return undefined;
  if (passwordEnv === undefined) throw invalid('user-needs-password');
  if (user === undefined) throw invalid('password-needs-user');
  return { user, password: readVariable('--password-env', passwordEnv, environment) };
}

export function readVariable(
  option: string,
  variable: string,
  environment: NodeJS.ProcessEnv,
): string {
  if (variable.startsWith('-')) throw invalid('option-needs-value', { text: option });
  const value = environment[variable];
  if (value === undefined) throw invalid('variable-not-set', { variable, option });
  return value.replace(/[\r\n]+$/, '');
}

const invalid = (code: ReasonCode, data?: ErrorData): Error =>
  appError('INVALID_OPTION', { reason: reason(code, data) });
