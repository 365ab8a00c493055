import { readFile, writeFile } from 'node:fs/promises';
import { appError, type Profile, profileInputSchema } from '@tallylight/contract';
import { whyUnreadable, whyUnwritable, type ProfileStore } from '@tallylight/engine';
import type { CliDependencies, CommandResult } from '../../cli-dependencies.js';
import { openEngine } from '../../open-engine.js';
import type { Printer } from '../../printer.js';
import { readSecret } from './read-secret.js';

export interface AddOptions {
  readonly url: string;
  readonly key?: string;
  readonly keyEnv?: string;
  readonly json?: boolean;
}

export interface ExportOptions {
  readonly withKeys?: boolean;
  readonly json?: boolean;
}

export interface ProfilesOptions {
  readonly json?: boolean;
}

/** Every subcommand needs the store. */
const withStore = (
  options: ProfilesOptions,
  deps: CliDependencies,
  body: (store: ProfileStore, printer: Printer) => Promise<CommandResult>,
): Promise<void> =>
  deps.run({ json: options.json === true }, async (printer) => {
    const engine = openEngine(deps);
    try {
      return await body(engine.profiles, printer);
    } finally {
      await engine.close();
    }
  });

export const runList = (options: ProfilesOptions, deps: CliDependencies): Promise<void> =>
  withStore(options, deps, list);

export const runAdd = (name: string, options: AddOptions, deps: CliDependencies): Promise<void> =>
  withStore(options, deps, (store, printer) => add(store, printer, name, options, deps));

export const runRemove = (
  name: string,
  options: ProfilesOptions,
  deps: CliDependencies,
): Promise<void> => withStore(options, deps, (store, printer) => remove(store, printer, name));

export const runExport = (
  file: string | undefined,
  options: ExportOptions,
  deps: CliDependencies,
): Promise<void> =>
  withStore(options, deps, (store, printer) =>
    exportProfiles(store, printer, file ?? '', options, deps),
  );

export const runImport = (
  file: string,
  options: ProfilesOptions,
  deps: CliDependencies,
): Promise<void> =>
  withStore(options, deps, (store, printer) => importProfiles(store, printer, file));

function list(store: ProfileStore, printer: Printer): Promise<CommandResult> {
  const profiles = store.list();
  for (const profile of profiles) {
    printer.say(`${profile.name}  ${profile.serverUrl}  ${describeKey(profile)}`);
  }
  return Promise.resolve({ summary: { profiles } });
}

function describeKey({ kind, hasKey }: Profile): string {
  if (kind === 'built-in') return 'no key needed';
  return hasKey ? 'key saved' : 'no key';
}

async function add(
  store: ProfileStore,
  printer: Printer,
  name: string,
  options: AddOptions,
  deps: CliDependencies,
): Promise<CommandResult> {
  if (options.key !== undefined && options.keyEnv !== undefined) {
    throw invalid('Only one of --key and --key-env can be used at a time.');
  }
  const key = options.key ?? (await keyFromElsewhere(options, deps));
  if (key === undefined) return { summary: {} };
  const streamKey = key.trim();
  if (streamKey === '') throw appError('EMPTY_KEY', { destination: name });
  printer.addSecret(streamKey);
  deps.logger().addSecret(streamKey);
  const input = profileInputSchema.safeParse({ name, serverUrl: options.url, streamKey });
  if (!input.success) {
    const issue = input.error.issues[0];
    throw invalid(`The ${String(issue?.path[0])} is not acceptable: ${issue?.message ?? ''}.`);
  }
  const profile = await store.save(input.data);
  printer.say(await store.protection());
  printer.say(
    `Saved ${profile.name}. Go live with: tallylight publish --profile "${profile.name}"`,
  );
  return { summary: { profile } };
}

/** `undefined` when the question for it was interrupted. */
async function keyFromElsewhere(
  options: AddOptions,
  deps: CliDependencies,
): Promise<string | undefined> {
  if (options.keyEnv === undefined) return readSecret('Stream key: ', deps);
  const key = deps.environment[options.keyEnv];
  if (key === undefined) {
    throw invalid(`The environment variable ${options.keyEnv} of --key-env is not set.`);
  }
  return key;
}

async function remove(store: ProfileStore, printer: Printer, name: string): Promise<CommandResult> {
  const profile = find(store, name);
  await store.remove(profile.id);
  printer.say(`Removed ${profile.name}.`);
  return { summary: { profile } };
}

async function exportProfiles(
  store: ProfileStore,
  printer: Printer,
  file: string,
  options: ExportOptions,
  deps: CliDependencies,
): Promise<CommandResult> {
  if (file === '' && options.json === true) {
    throw invalid('--json needs a file to export to, since both would go to stdout.');
  }
  const exported = await store.export({ withKeys: options.withKeys === true });
  const text = `${JSON.stringify(exported, undefined, 2)}\n`;
  if (file === '') deps.stdout.write(text);
  else await writePrivately(file, text);
  const count = exported.profiles.length;
  if (options.withKeys === true)
    printer.say('The export holds stream keys in clear: keep it safe.');
  printer.say(`Exported ${count} ${count === 1 ? 'profile' : 'profiles'}.`);
  return { summary: { profiles: count, ...(file !== '' && { path: file }) } };
}

async function writePrivately(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { mode: 0o600 });
  } catch (error) {
    throw invalid(`${file} cannot be written: ${whyUnwritable(error)}.`);
  }
}

async function importProfiles(
  store: ProfileStore,
  printer: Printer,
  file: string,
): Promise<CommandResult> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw invalid(`${file} cannot be read: ${whyUnreadable(error)}.`);
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid(`${file} does not hold exported profiles.`);
  }
  const profiles = await store.import(value);
  for (const { name } of profiles) printer.say(`Imported ${name}.`);
  return { summary: { profiles } };
}

function find(store: ProfileStore, nameOrId: string): Profile {
  const wanted = nameOrId.trim().toLowerCase();
  const profile = store
    .list()
    .find(({ id, name }) => id === nameOrId || name.toLowerCase() === wanted);
  if (!profile) throw appError('PROFILE_NOT_FOUND', { profile: nameOrId });
  return profile;
}

const invalid = (reason: string): Error => appError('INVALID_OPTION', { reason });
