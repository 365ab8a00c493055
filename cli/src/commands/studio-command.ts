import { Option, type Command } from 'commander';
import type { CliDependencies } from '../cli-dependencies.js';
import type { StudioOptions } from '../studio/run-studio.js';

export function registerStudio(program: Command, deps: CliDependencies): void {
  program
    .command('studio')
    .description('open the app in a browser window, and print its one-time link')
    .option('--port <number>', 'TCP port on 127.0.0.1; 0 takes a free one', '0')
    .option('--no-open', 'only print the link')
    .addOption(new Option('--window <folder>', 'where the window is; for development').hideHelp())
    .option('--json', 'one JSON object a line on stdout')
    .action(async (options: StudioOptions) => {
      const { runStudio } = await import('../studio/run-studio.js');
      await runStudio(options, deps);
    });
}
