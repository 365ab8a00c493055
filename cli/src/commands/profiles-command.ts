import type { Command } from 'commander';
import type { CliDependencies } from '../cli-dependencies.js';
import type { EditOptions } from './profiles/edit-profile.js';
import type { AddOptions, ExportOptions, ProfilesOptions } from './profiles/profiles.js';

const load = () => import('./profiles/profiles.js');

export function registerProfiles(program: Command, deps: CliDependencies): void {
  const { t } = deps.messages;
  const json = ['--json', t('cli.options.json')] as const;
  const profiles = program.command('profiles').description(t('cli.profiles.description'));
  const withAccess = (command: Command): Command =>
    command
      .option('--key-env <variable>', t('cli.options.keyEnvironment'))
      .option('--key <key>', t('cli.profiles.key'))
      .option('--user <name>', t('cli.profiles.user'))
      .option('--password-env <variable>', t('cli.profiles.passwordEnvironment'))
      .option('--watch <url>', t('cli.profiles.watch'));
  profiles
    .command('list')
    .alias('ls')
    .description(t('cli.profiles.list'))
    .option(...json)
    .action(async (options: ProfilesOptions) => (await load()).runList(options, deps));
  profiles
    .command('presets')
    .description(t('cli.profiles.presets'))
    .option(...json)
    .action(async (options: ProfilesOptions) => (await load()).runPresets(options, deps));
  withAccess(
    profiles
      .command('add <name>')
      .option('--url <url>', t('cli.profiles.url'))
      .option('--preset <kind>', t('cli.profiles.preset')),
  )
    .description(t('cli.profiles.add'))
    .option(...json)
    .action(async (name: string, options: AddOptions) =>
      (await load()).runAdd(name, options, deps),
    );
  withAccess(
    profiles
      .command('edit <name>')
      .option('--name <name>', t('cli.profiles.newName'))
      .option('--url <url>', t('cli.profiles.url')),
  )
    .option('--no-key', t('cli.profiles.withoutKey'))
    .option('--no-user', t('cli.profiles.withoutUser'))
    .option('--no-watch', t('cli.profiles.withoutWatch'))
    .description(t('cli.profiles.edit'))
    .option(...json)
    .action(async (name: string, options: EditOptions) =>
      (await load()).runEdit(name, options, deps),
    );
  profiles
    .command('remove <name>')
    .alias('rm')
    .description(t('cli.profiles.remove'))
    .option(...json)
    .action(async (name: string, options: ProfilesOptions) =>
      (await load()).runRemove(name, options, deps),
    );
  profiles
    .command('export [file]')
    .description(t('cli.profiles.export'))
    .option('--with-keys', t('cli.profiles.withKeys'))
    .option(...json)
    .action(async (file: string | undefined, options: ExportOptions) =>
      (await load()).runExport(file, options, deps),
    );
  profiles
    .command('import <file>')
    .description(t('cli.profiles.import'))
    .option(...json)
    .action(async (file: string, options: ProfilesOptions) =>
      (await load()).runImport(file, options, deps),
    );
}
