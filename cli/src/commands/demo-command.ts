import type { Command } from 'commander';
import type { CliDependencies } from '../cli-dependencies.js';
import type { DemoOptions } from './demo/demo.js';

export function registerDemo(program: Command, deps: CliDependencies): void {
  program
    .command('demo')
    .description('test picture → built-in server → played back, decoded and compared')
    .option('--seconds <n>', 'how long', '5')
    .option('--json', 'one JSON object a line on stdout')
    .action(async (options: DemoOptions) => {
      const { runDemo } = await import('./demo/demo.js');
      await runDemo(options, deps);
    });
}
