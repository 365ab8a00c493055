import type { Command } from 'commander';
import type { CliDependencies } from '../cli-dependencies.js';
import type { DemoOptions } from './demo/demo.js';

export function registerDemo(program: Command, deps: CliDependencies): void {
  const { t } = deps.messages;
  program
    .command('demo')
    .description(t('cli.demo.description'))
    .option('--seconds <n>', t('cli.demo.seconds'), '5')
    .option('--json', t('cli.options.json'))
    .action(async (options: DemoOptions) => {
      const { runDemo } = await import('./demo/demo.js');
      await runDemo(options, deps);
    });
}
