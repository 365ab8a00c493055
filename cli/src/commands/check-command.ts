import type { Command } from 'commander';
import type { CliDependencies } from '../cli-dependencies.js';
import type { CheckOptions } from './check/check.js';

export function registerCheck(program: Command, deps: CliDependencies): void {
  const { t } = deps.messages;
  program
    .command('check [url]')
    .description(t('cli.check.description'))
    .option('--publish', t('cli.check.publish'))
    .option('--measure <seconds>', t('cli.check.measure'))
    .option('--app <app>', t('cli.options.app'))
    .option('--key <key>', t('cli.options.key'))
    .option('--key-env <variable>', t('cli.options.keyEnvironment'))
    .option('--user <name>', t('cli.options.user'))
    .option('--password-env <variable>', t('cli.options.passwordEnvironment'))
    .option('--profile <name>', t('cli.options.profile'))
    .option('--json', t('cli.options.json'))
    .action(async (url: string | undefined, options: CheckOptions) => {
      const { runCheck } = await import('./check/check.js');
      await runCheck(url, options, deps);
    });
}
