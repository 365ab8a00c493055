import { Option, type Command } from 'commander';
import type { CliDependencies } from '../cli-dependencies.js';
import type { StudioOptions } from '../studio/run-studio.js';

export function registerStudio(program: Command, deps: CliDependencies): void {
  const { t } = deps.messages;
  program
    .command('studio')
    .description(t('cli.studio.description'))
    .option('--port <number>', t('cli.studio.port'), '0')
    .option('--metrics', t('cli.studio.metrics'))
    .option('--no-open', t('cli.studio.noOpen'))
    .addOption(new Option('--without-electron <why>').hideHelp())
    .addOption(new Option('--window <folder>', t('cli.studio.window')).hideHelp())
    .option('--json', t('cli.options.json'))
    .action(async (options: StudioOptions) => {
      const { runStudio } = await import('../studio/run-studio.js');
      await runStudio(options, deps);
    });
}
