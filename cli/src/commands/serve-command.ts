import type { Command } from 'commander';
import type { CliDependencies } from '../cli-dependencies.js';
import type { ServeOptions } from './serve/serve.js';

export function registerServe(program: Command, deps: CliDependencies): void {
  const { t } = deps.messages;
  program
    .command('serve')
    .description(t('cli.serve.description'))
    .option('--rtmp <host:port>', t('cli.serve.rtmp'), '127.0.0.1:1935')
    .option('--http <host:port>', t('cli.serve.http'), '127.0.0.1:8080')
    .option('--json', t('cli.options.json'))
    .addHelpText('after', `\n${t('cli.serve.trust')}`)
    .action(async (options: ServeOptions) => {
      const { runServe } = await import('./serve/serve.js');
      await runServe(options, deps);
    });
}
