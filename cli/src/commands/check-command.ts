import type { Command } from 'commander';
import type { CliDependencies } from '../cli-dependencies.js';
import type { CheckOptions } from './check/check.js';

export function registerCheck(program: Command, deps: CliDependencies): void {
  program
    .command('check [url]')
    .description('pre-flight of a destination, phase by phase; publishes nothing without --publish')
    .option('--publish', 'also try the stream key: publish and leave at once')
    .option('--key <key>', 'the stream key; the URL is then the server URL alone')
    .option('--key-env <variable>', 'the environment variable that holds the stream key')
    .option('--profile <name>', 'the saved profile that holds the stream key (and the server)')
    .option('--json', 'one JSON object a line on stdout')
    .action(async (url: string | undefined, options: CheckOptions) => {
      const { runCheck } = await import('./check/check.js');
      await runCheck(url, options, deps);
    });
}
