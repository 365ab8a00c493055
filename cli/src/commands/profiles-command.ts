import type { Command } from 'commander';
import type { CliDependencies } from '../cli-dependencies.js';
import type { AddOptions, ExportOptions, ProfilesOptions } from './profiles/profiles.js';

const json = ['--json', 'one JSON object a line on stdout'] as const;

const load = () => import('./profiles/profiles.js');

export function registerProfiles(program: Command, deps: CliDependencies): void {
  const profiles = program.command('profiles').description('saved destinations');
  profiles
    .command('list')
    .description('list them, without their keys')
    .option(...json)
    .action(async (options: ProfilesOptions) => (await load()).runList(options, deps));
  profiles
    .command('add <name>')
    .description('save a destination; the key is asked for, or read from stdin')
    .requiredOption('--url <url>', 'the server URL, without the key')
    .option('--key-env <variable>', 'the environment variable that holds the stream key')
    .option('--key <key>', 'the stream key (visible in the list of processes)')
    .option(...json)
    .action(async (name: string, options: AddOptions) =>
      (await load()).runAdd(name, options, deps),
    );
  profiles
    .command('remove <name>')
    .description('forget a destination and its key')
    .option(...json)
    .action(async (name: string, options: ProfilesOptions) =>
      (await load()).runRemove(name, options, deps),
    );
  profiles
    .command('export [file]')
    .description('write them to a file or stdout, without their keys')
    .option('--with-keys', 'write the stream keys too, in clear')
    .option(...json)
    .action(async (file: string | undefined, options: ExportOptions) =>
      (await load()).runExport(file, options, deps),
    );
  profiles
    .command('import <file>')
    .description('save what "export" wrote; a profile of the same name is replaced')
    .option(...json)
    .action(async (file: string, options: ProfilesOptions) =>
      (await load()).runImport(file, options, deps),
    );
}
