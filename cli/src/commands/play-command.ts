import type { Command } from 'commander';
import type { CliDependencies } from '../cli-dependencies.js';
import type { PlayOptions } from './play/play.js';

export function registerPlay(program: Command, deps: CliDependencies): void {
  const { t } = deps.messages;
  program
    .command('play <url>')
    .description(t('cli.play.description'))
    .option('--app <app>', t('cli.options.app'))
    .option('--stream <name>', t('cli.play.stream'))
    .option('--key <name>', t('cli.play.key'))
    .option('--key-env <variable>', t('cli.play.keyEnvironment'))
    .option('--user <name>', t('cli.play.user'))
    .option('--password-env <variable>', t('cli.options.passwordEnvironment'))
    .option('--output <file>', t('cli.play.output'))
    .option('--duration <seconds>', t('cli.play.duration'))
    .option('--json', t('cli.options.json'))
    .action(async (url: string, options: PlayOptions) => {
      const { runPlay } = await import('./play/play.js');
      await runPlay(url, options, deps);
    });
}
