import { readFile, writeFile } from 'node:fs/promises';
import { profileInputSchema, type Profile } from '@tallylight/contract';
import { appError, whyUnreadable, whyUnwritable, type ProfileStore } from '@tallylight/engine';
import type { Command } from 'commander';
import type { CliDependencies, CommandResult } from './cli-dependencies.js';
import { openEngine } from './open-engine.js';
import type { Output } from './output.js';
import { readSecret } from './read-secret.js';

interface AddOptions {
  readonly url: string;
  readonly key?: string;
  readonly keyEnv?: string;
  readonly json?: boolean;
}

type Body<O> = (
  store: ProfileStore,
  output: Output,
  argument: string,
  options: O,
) => Promise<CommandResult>;

export function registerProfiles(program: Command, deps: CliDependencies): void {
  const profiles = program.command('profiles').description('saved destinations');
  const json = ['--json', 'one JSON object a line on stdout'] as const;
  /** Every subcommand takes at most one argument and needs the store. */
  const run =
    <O extends { json?: boolean }>(body: Body<O>) =>
    (argument: string | undefined, options: O): Promise<void> =>
      deps.run({ json: options.json === true }, async (output) => {
        const engine = openEngine(deps);
        try {
          return await body(engine.profiles, output, argument ?? '', options);
        } finally {
          await engine.close();
        }
      });

  profiles
    .command('list')
    .description('list them, without their keys')
    .option(...json)
    .action((options: { json?: boolean }) => run(list)(undefined, options));
  profiles
    .command('add <name>')
    .description('save a destination; the key is asked for, or read from stdin')
    .requiredOption('--url <url>', 'the server URL, without the key')
    .option('--key-env <variable>', 'the environment variable that holds the stream key')
    .option('--key <key>', 'the stream key (visible in the list of processes)')
    .option(...json)
    .action(
      run<AddOptions>((store, output, name, options) => add(store, output, name, options, deps)),
    );
  profiles
    .command('remove <name>')
    .description('forget a destination and its key')
    .option(...json)
    .action(run(remove));
  profiles
    .command('export [file]')
    .description('write them to a file or stdout, without their keys')
    .option('--with-keys', 'write the stream keys too, in clear')
    .option(...json)
    .action(
      run<ExportOptions>((store, output, file, options) =>
        exportProfiles(store, output, file, options, deps),
      ),
    );
  profiles
    .command('import <file>')
    .description('save what "export" wrote; a profile of the same name is replaced')
    .option(...json)
    .action(run(importProfiles));
}

function list(store: ProfileStore, output: Output): Promise<CommandResult> {
  const profiles = store.list();
  for (const profile of profiles) {
    output.say(`${profile.name}  ${profile.serverUrl}  ${describeKey(profile)}`);
  }
  return Promise.resolve({ summary: { profiles } });
}

function describeKey({ kind, hasKey }: Profile): string {
  if (kind === 'built-in') return 'no key needed';
  return hasKey ? 'key saved' : 'no key';
}

async function add(
  store: ProfileStore,
  output: Output,
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
  output.addSecret(streamKey);
  deps.logger().addSecret(streamKey);
  const input = profileInputSchema.safeParse({ name, serverUrl: options.url, streamKey });
  if (!input.success) {
    const issue = input.error.issues[0];
    throw invalid(`The ${String(issue?.path[0])} is not acceptable: ${issue?.message ?? ''}.`);
  }
  const profile = await store.save(input.data);
  output.say(await store.protection());
  output.say(`Saved ${profile.name}. Go live with: tallylight publish --profile "${profile.name}"`);
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

async function remove(store: ProfileStore, output: Output, name: string): Promise<CommandResult> {
  const profile = find(store, name);
  await store.remove(profile.id);
  output.say(`Removed ${profile.name}.`);
  return { summary: { profile } };
}

interface ExportOptions {
  readonly withKeys?: boolean;
  readonly json?: boolean;
}

async function exportProfiles(
  store: ProfileStore,
  output: Output,
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
  if (options.withKeys === true) output.say('The export holds stream keys in clear: keep it safe.');
  output.say(`Exported ${count} ${count === 1 ? 'profile' : 'profiles'}.`);
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
  output: Output,
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
  for (const { name } of profiles) output.say(`Imported ${name}.`);
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
