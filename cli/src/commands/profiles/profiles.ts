import { readFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import {
  AppError,
  appError,
  completeServerUrl,
  destinationPresets,
  presetGroupNames,
  presetOf,
  shownExample,
  type DestinationPreset,
  type ErrorData,
  type Profile,
  type Reason,
  reason,
  type ReasonCode,
} from '@tallylight/contract';
import {
  openNewFile,
  shownPlayUrl,
  whyUnreadable,
  whyUnwritable,
  type ProfileStore,
} from '@tallylight/engine';
import { keyInServerUrl, splitWholeUrl, type Credentials } from 'node-rtmp-client';
import type { CliDependencies, CommandResult } from '../../cli-dependencies.js';
import { readCredentials } from '../../destinations.js';
import { openEngine } from '../../open-engine.js';
import type { Printer } from '../../printer.js';
import { quoted } from '../../quoted.js';
import { edit, type EditOptions } from './edit-profile.js';
import {
  find,
  keepSecret,
  keyFromElsewhere,
  readWatch,
  tellSaved,
  withoutTokens,
  type SecretOptions,
} from './saved-profile.js';

export interface AddOptions extends SecretOptions {
  readonly url?: string;
  readonly preset?: string;
  readonly watch?: string;
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
    const engine = openEngine(deps, { printer });
    try {
      return await body(engine.profiles, printer);
    } finally {
      await engine.close();
    }
  });

export const runList = (options: ProfilesOptions, deps: CliDependencies): Promise<void> =>
  withStore(options, deps, list);

export const runPresets = (options: ProfilesOptions, deps: CliDependencies): Promise<void> =>
  deps.run({ json: options.json === true }, (printer) => Promise.resolve(listPresets(printer)));

export const runAdd = (name: string, options: AddOptions, deps: CliDependencies): Promise<void> =>
  withStore(options, deps, (store, printer) => add(store, printer, name, options, deps));

export const runEdit = (name: string, options: EditOptions, deps: CliDependencies): Promise<void> =>
  withStore(options, deps, (store, printer) => edit(store, printer, name, options, deps));

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
    exportProfiles(store, printer, file === '-' ? '' : (file ?? ''), options, deps),
  );

export const runImport = (
  file: string,
  options: ProfilesOptions,
  deps: CliDependencies,
): Promise<void> =>
  withStore(options, deps, (store, printer) => importProfiles(store, printer, file, deps));

/** What `profiles add --preset` can begin from. */
function listPresets(printer: Printer): CommandResult {
  const { t, wording } = printer.messages;
  for (const group of presetGroupNames) {
    printer.answer(`${t(`presetGroups.${group}`)}:`);
    for (const { id, urlExample } of destinationPresets.filter((each) => each.group === group)) {
      const example = wording(shownExample(urlExample));
      printer.answer(`  ${id}  ${t(`presets.${id}.name`)}  ${example}`);
      const hint = t(`presets.${id}.hint`);
      if (hint !== '') printer.answer(`    ${hint}`);
    }
  }
  return { summary: { presets: destinationPresets } };
}

async function list(store: ProfileStore, printer: Printer): Promise<CommandResult> {
  const { t, wording } = printer.messages;
  const profiles = await store.list();
  for (const profile of profiles) {
    const where = profile.shownUrl || t('cli.profiles.onFreePort');
    const name = profile.kind === 'built-in' ? wording(reason('built-in-server')) : profile.name;
    const { user, hasPassword, playUrl } = profile;
    const who = user === undefined ? '' : `  ${t('cli.profiles.asUser', { user })}`;
    const password = hasPassword ? `  ${t('cli.profiles.passwordSaved')}` : '';
    const watch =
      playUrl === undefined
        ? ''
        : `  ${t('cli.profiles.watchedAt', { url: shownPlayUrl(playUrl) })}`;
    printer.answer(`${name}  ${where}  ${t(keyState(profile))}${who}${password}${watch}`);
  }
  return { summary: { profiles: profiles.map(withoutTokens) } };
}

function keyState({ kind, hasKey }: Profile) {
  if (kind === 'built-in') return 'cli.profiles.noKeyNeeded';
  return hasKey ? 'cli.profiles.keySaved' : 'cli.profiles.noKey';
}

async function add(
  store: ProfileStore,
  printer: Printer,
  name: string,
  options: AddOptions,
  deps: CliDependencies,
): Promise<CommandResult> {
  if (options.key !== undefined && options.keyEnv !== undefined) {
    throw invalid('only-one-option', { options: '--key, --key-env' });
  }
  const preset = readPreset(options.preset);
  const watch = readWatch(options.watch);
  const { url } = options;
  // One that has but one address needs none typed.
  const typedUrl = url ?? (preset?.address === 'known' ? '' : undefined);
  if (preset && typedUrl === undefined) throw withoutAddress(preset);
  const completed =
    preset && typedUrl !== undefined ? completeServerUrl(typedUrl, preset) : typedUrl;
  const given = readCredentials(options, deps.environment);
  const whole = { ...options, ...(completed !== undefined && { url: completed }) };
  const typed = await readUrlAndKey(whole, deps);
  if (typed === undefined) return { summary: {} };
  const credentials = given ?? typed.credentials;
  const { serverUrl, streamKey, keyIsFromUrl } = typed;
  keepSecret([streamKey, credentials?.password], printer, deps);
  const input = {
    name: name.trim(),
    serverUrl: serverUrl.trim(),
    streamKey,
    ...credentials,
    ...watch,
    ...(preset && { service: preset.id }),
  };
  const profile = await store.save(input);
  const { t } = printer.messages;
  if (keyIsFromUrl) printer.say(t('cli.profiles.keyFromUrl', { url: profile.shownUrl }));
  if (preset?.login === 'usual' && credentials === undefined)
    printer.say(t(`presets.${preset.id}.hint`));
  return tellSaved(store, printer, profile, streamKey, deps);
}

/** Who has an account there, or runs the server, has its address: where, is what helps. */
const withoutAddress = ({ id, urlExample }: DestinationPreset): Error =>
  appError('INVALID_OPTION', {
    reason: reason('preset-needs-address', { option: '--url', example: shownExample(urlExample) }),
    service: id,
  });

function readPreset(text: string | undefined): ReturnType<typeof presetOf> {
  if (text === undefined) return undefined;
  const preset = presetOf(text);
  const values = destinationPresets.map(({ id }) => id).join(', ');
  if (preset === undefined) throw invalid('not-one-of', { option: '--preset', values, text });
  return preset;
}

interface UrlAndKey {
  readonly serverUrl: string;
  readonly streamKey: string;
  /** Those in the URL. */
  readonly credentials: Credentials | undefined;
  readonly keyIsFromUrl: boolean;
}

/** A URL that ends with the key fills both. `undefined` when the question for the key was interrupted. */
async function readUrlAndKey(
  options: AddOptions,
  deps: CliDependencies,
): Promise<UrlAndKey | undefined> {
  const { url } = options;
  if (url === undefined) throw invalid('missing-option', { text: '--url' });
  const isGiven = options.key !== undefined || options.keyEnv !== undefined;
  const { serverUrl = url, streamKey: keyInUrl, credentials } = splitWholeUrl(url) ?? {};
  const fromUrl = { serverUrl, streamKey: keyInUrl ?? '', credentials, keyIsFromUrl: true };
  if (!isGiven && keyInServerUrl(url) !== undefined) return fromUrl;
  const key =
    options.key ??
    (await keyFromElsewhere(options, deps.messages.t('cli.profiles.enterKey'), deps));
  if (key === undefined) return undefined;
  if (!isGiven && key.trim() === '' && keyInUrl !== undefined) return fromUrl;
  return { serverUrl: url, streamKey: key.trim(), credentials, keyIsFromUrl: false };
}

async function remove(store: ProfileStore, printer: Printer, name: string): Promise<CommandResult> {
  const profile = await find(store, name);
  await store.remove(profile.id);
  printer.say(printer.messages.t('cli.profiles.removed', { name: profile.name }));
  return { summary: { profile: withoutTokens(profile) } };
}

async function exportProfiles(
  store: ProfileStore,
  printer: Printer,
  file: string,
  options: ExportOptions,
  deps: CliDependencies,
): Promise<CommandResult> {
  if (file === '' && options.json === true) {
    throw invalid('export-needs-file');
  }
  const exported = await store.export({ withKeys: options.withKeys === true });
  const text = `${JSON.stringify(exported, undefined, 2)}\n`;
  if (file === '') deps.stdout.write(text);
  else await writePrivately(file, text);
  const count = exported.profiles.length;
  const { t } = printer.messages;
  if (options.withKeys === true) printer.say(t('cli.profiles.keysInClear'));
  printer.say(t('cli.profiles.exported', { count }));
  return { summary: { profiles: count, ...(file !== '' && { path: file }) } };
}

async function writePrivately(file: string, text: string): Promise<void> {
  try {
    const opened = await openNewFile(file, 0o600);
    try {
      await opened.writeFile(text);
    } finally {
      await opened.close();
    }
  } catch (error) {
    throw invalid('file-not-written', { file, why: whyUnwritable(error) });
  }
}

async function importProfiles(
  store: ProfileStore,
  printer: Printer,
  file: string,
  deps: CliDependencies,
): Promise<CommandResult> {
  const content = file === '-' ? readAll(deps.stdin) : readFile(file, 'utf8');
  const shown = file === '-' ? reason('standard-input') : file;
  const text = await content.catch((error: unknown) => {
    throw invalid('file-not-read', { file: shown, why: whyUnreadable(error) });
  });
  let value: unknown;
  try {
    // Windows marks what is UTF-8 at its beginning.
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    throw invalid('file-not-read', { file: shown, why: reason('not-exported-profiles') });
  }
  const imported = await store.import(value).catch((error: unknown) => {
    const why = whyNotExported(error);
    if (why) throw invalid('file-not-read', { file: shown, why });
    const name = error instanceof AppError ? error.info.data['importing'] : undefined;
    if (typeof name === 'string')
      printer.say(printer.messages.t('cli.profiles.notImported', { name }));
    throw error;
  });
  const { t } = printer.messages;
  if (imported.length === 0) printer.say(t('cli.profiles.noneInFile'));
  for (const { profile, replaced, key } of imported) {
    const { name, shownUrl: url } = profile;
    if (!replaced) printer.say(t('cli.profiles.imported', { name }));
    else if (!replaced.isElsewhere) printer.say(t('cli.profiles.replaced', { name }));
    else printer.say(t('cli.profiles.replacedElsewhere', { name, url, before: replaced.shownUrl }));
    const command = `${deps.calledAs()} profiles edit ${quoted(name)}`;
    printer.say(`  ${t(`cli.profiles.keyAfterImport.${key}`, { command })}`);
    // Passwords do not travel.
    if (profile.user !== undefined && !profile.hasPassword) {
      const options = `--user ${quoted(profile.user)} --password-env`;
      printer.say(`  ${t('cli.profiles.passwordToAdd', { command: `${command} ${options}` })}`);
    }
  }
  return {
    summary: {
      profiles: imported.map(({ profile, replaced, key }) => ({
        ...withoutTokens(profile),
        key,
        replaced: replaced !== undefined,
      })),
    },
  };
}

/** What is no text of ours, no object of ours and an object of a version to come is said of the file alike. */
function whyNotExported(error: unknown): Reason | undefined {
  const given = error instanceof AppError ? error.info.data['reason'] : undefined;
  if (typeof given !== 'object') return undefined;
  if (given.reason === 'import-without-profiles') return reason('not-exported-profiles');
  return given.reason === 'import-newer' ? reason('exported-by-newer') : undefined;
}

const invalid = (code: ReasonCode, data?: ErrorData): Error =>
  appError('INVALID_OPTION', { reason: reason(code, data) });
