import { appError, reason, type Profile, type ProfileInput } from '@tallylight/contract';
import type { ProfileStore } from '@tallylight/engine';
import { keyInServerUrl, splitWholeUrl, type Credentials } from 'node-rtmp-client';
import type { CliDependencies, CommandResult } from '../../cli-dependencies.js';
import { readCredentials } from '../../destinations.js';
import type { Printer } from '../../printer.js';
import {
  find,
  keepSecret,
  keyFromElsewhere,
  readWatch,
  tellSaved,
  type SecretOptions,
} from './saved-profile.js';

/** `false` is what `--no-key`, `--no-user` and `--no-watch` leave: the saved ones go. */
export interface EditOptions extends Omit<SecretOptions, 'key' | 'user'> {
  readonly name?: string;
  readonly url?: string;
  readonly key?: string | false;
  readonly user?: string | false;
  readonly watch?: string | false;
  readonly json?: boolean;
}

/**
 * Changes what is given of a saved profile, and its key where nothing is. An empty key, user or password, as a script has
 * it by mistake, never takes away the saved one.
 */
export async function edit(
  store: ProfileStore,
  printer: Printer,
  savedName: string,
  options: EditOptions,
  deps: CliDependencies,
): Promise<CommandResult> {
  const before = await find(store, savedName);
  const login = readLogin(options, deps);
  const watch = options.watch === false ? { playUrl: '' } : readWatch(options.watch);
  const typed = await readKey(before, options, deps);
  if (typed === undefined) return { summary: {} };
  const place = readPlace(before, options, typed);
  const streamKey = typed.type === 'given' ? typed.key : typed.type === 'none' ? '' : place.key;
  keepSecret([streamKey, login.password, place.login?.password], printer, deps);
  const profile = await store.save({
    ...{ id: before.id, name: options.name?.trim() ?? before.name, serverUrl: place.serverUrl },
    ...(streamKey !== undefined && { streamKey }),
    ...place.login,
    ...login,
    ...watch,
  });
  const { t } = printer.messages;
  if (place.key !== undefined) {
    printer.say(t('cli.profiles.keyFromUrl', { url: profile.shownUrl }));
  }
  if (streamKey === undefined && profile.hasKey) {
    const url = profile.shownUrl;
    if (url !== before.shownUrl) printer.say(t('cli.profiles.keyGoesElsewhere', { url }));
    else if (typed.type === 'empty') printer.say(t('cli.profiles.keyStays'));
  }
  const isJudged = options.url !== undefined || typed.type === 'empty';
  const judged = streamKey ?? (isJudged ? await savedKey(store, profile) : undefined);
  keepSecret([judged], printer, deps);
  return tellSaved(store, printer, profile, judged, deps);
}

/** `undefined` where it cannot be read. */
const savedKey = (store: ProfileStore, { id }: Profile): Promise<string | undefined> =>
  store.revealKey(id).catch(() => undefined);

type TypedKey =
  | { readonly type: 'given'; readonly key: string }
  /** It was asked for, or given as nothing. */
  | { readonly type: 'empty' }
  | { readonly type: 'none' | 'untouched' };

/** `undefined` when the question for it was interrupted. */
async function readKey(
  { hasKey }: Profile,
  options: EditOptions,
  deps: CliDependencies,
): Promise<TypedKey | undefined> {
  const { key: given, keyEnv } = options;
  if (given !== undefined && keyEnv !== undefined) {
    const other = given === false ? '--no-key' : '--key';
    throw appError('INVALID_OPTION', {
      reason: reason('only-one-option', { options: `${other}, --key-env` }),
    });
  }
  if (given === false) return { type: 'none' };
  const { name, url, user, passwordEnv, watch } = options;
  const isAsked = [given, keyEnv, name, url, user, passwordEnv, watch].every(
    (option) => option === undefined,
  );
  if (given === undefined && keyEnv === undefined && !isAsked) return { type: 'untouched' };
  const prompt = deps.messages.t(hasKey ? 'cli.profiles.enterNewKey' : 'cli.profiles.enterKey');
  const typed =
    given ?? (await keyFromElsewhere({ ...(keyEnv !== undefined && { keyEnv }) }, prompt, deps));
  if (typed === undefined) return undefined;
  const key = typed.trim();
  return key === '' ? { type: 'empty' } : { type: 'given', key };
}

/** User and password as {@link ProfileStore.save} takes them. */
function readLogin(
  { user, passwordEnv }: EditOptions,
  { environment }: CliDependencies,
): Pick<ProfileInput, 'user' | 'password'> {
  if (user === false) {
    if (passwordEnv === undefined) return { user: '', password: '' };
    throw appError('INVALID_OPTION', {
      reason: reason('only-one-option', { options: '--no-user, --password-env' }),
    });
  }
  const given = readCredentials(
    {
      ...(user !== undefined && { user }),
      ...(passwordEnv !== undefined && { passwordEnv }),
    },
    environment,
  );
  return {
    ...(given?.user && { user: given.user }),
    ...(given?.password && { password: given.password }),
  };
}

interface Place {
  readonly serverUrl: string;
  /** What the URL ended with, and who it named. */
  readonly key?: string;
  readonly login?: Credentials;
}

/** Where it goes from now on. A key in the URL is told apart as that of a new profile is. */
function readPlace(
  { serverUrl, hasKey }: Profile,
  { url }: EditOptions,
  { type }: TypedKey,
): Place {
  if (url === undefined) return { serverUrl };
  const whole = splitWholeUrl(url);
  const isOther = type === 'given' || type === 'none';
  // Some servers have an instance behind the application, and the saved key may be the right one.
  const isSure = keyInServerUrl(url) !== undefined || !hasKey;
  if (isOther || whole?.streamKey === undefined || !isSure) return { serverUrl: url.trim() };
  const { credentials: login } = whole;
  return { serverUrl: whole.serverUrl, key: whole.streamKey, ...(login && { login }) };
}
