import { appError, builtInProfileNames, playWayOf, type Profile } from '@tallylight/contract';
import { readTypedDestination, shownPlayUrl, type ProfileStore } from '@tallylight/engine';
import type { CliDependencies, CommandResult } from '../../cli-dependencies.js';
import { readVariable, warningsOf } from '../../destinations.js';
import type { Printer } from '../../printer.js';
import { quoted } from '../../quoted.js';
import { readSecret } from './read-secret.js';

export interface SecretOptions {
  readonly key?: string;
  readonly keyEnv?: string;
  readonly user?: string;
  readonly passwordEnv?: string;
}

/** As scripts and logs may have it. */
export const withoutTokens = ({ shownUrl, playUrl, ...profile }: Profile) => ({
  ...profile,
  serverUrl: shownUrl,
  ...(playUrl !== undefined && { playUrl: shownPlayUrl(playUrl) }),
});

/** What `--watch` gives, before anybody is asked for a key. @throws AppError `PLAY_URL_INVALID`, also where it is empty. */
export function readWatch(url: string | undefined): { readonly playUrl?: string } {
  if (url === undefined) return {};
  if (playWayOf(url) === undefined) throw appError('PLAY_URL_INVALID');
  return { playUrl: url.trim() };
}

export function keepSecret(
  secrets: readonly (string | undefined)[],
  printer: Printer,
  deps: CliDependencies,
): void {
  for (const secret of secrets) {
    printer.addSecret(secret ?? '');
    deps.logger().addSecret(secret ?? '');
  }
}

/** @param typedKey the stream key where one was given. */
export async function tellSaved(
  store: ProfileStore,
  printer: Printer,
  profile: Profile,
  typedKey: string | undefined,
  deps: CliDependencies,
): Promise<CommandResult> {
  const { t, protection } = printer.messages;
  if (typedKey !== undefined) {
    const typed = { serverUrl: profile.serverUrl, streamKey: typedKey };
    const { address, streamKey = '' } = readTypedDestination(typed);
    const { name, service } = profile;
    const place = { address, streamKey, name, ...(service !== undefined && { service }) };
    for (const warning of warningsOf(place)) printer.warn(warning);
  }
  // How keys are kept is of no interest where none was given.
  if (profile.hasKey || profile.hasPassword) printer.say(protection(await store.protection()));
  const command = `${deps.calledAs()} publish --source test --profile ${quoted(profile.name)}`;
  printer.say(t('cli.profiles.saved', { name: profile.name, command }));
  return { summary: { profile: withoutTokens(profile) } };
}

/**
 * `undefined` when the question for it was interrupted.
 *
 * @param prompt what asks for it.
 */
export async function keyFromElsewhere(
  { keyEnv }: SecretOptions,
  prompt: string,
  deps: CliDependencies,
): Promise<string | undefined> {
  return keyEnv === undefined
    ? readSecret(prompt, deps)
    : readVariable('--key-env', keyEnv, deps.environment);
}

export async function find(store: ProfileStore, nameOrId: string): Promise<Profile> {
  const wanted = nameOrId.trim().toLowerCase();
  const namesOf = ({ kind, name }: Profile): readonly string[] =>
    kind === 'built-in' ? builtInProfileNames : [name];
  const profiles = await store.list();
  const profile = profiles.find(
    (each) => each.id === nameOrId || namesOf(each).some((name) => name.toLowerCase() === wanted),
  );
  if (!profile) throw appError('PROFILE_NOT_FOUND', { profile: nameOrId });
  return profile;
}
