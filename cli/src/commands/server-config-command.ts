import { Option, type Command } from 'commander';
import type { CliDependencies } from '../cli-dependencies.js';
import type { RawServerConfigOptions } from './server-config/read-server-config-options.js';
import { defaultWorkFolder } from '../work-folder.js';

const collect = (value: string, before: string[] = []): string[] => [...before, value];

export function registerServerConfig(program: Command, deps: CliDependencies): void {
  const { t } = deps.messages;
  const group = program.command('server-config').description(t('cli.serverConfig.description'));
  for (const engine of ['nginx', 'srs'] as const) {
    group
      .command(engine)
      .description(t(`cli.serverConfig.${engine}`))
      .option('--role <role>', t('cli.serverConfig.role'), 'single')
      .option('--origin <host:port>', t('cli.serverConfig.origin'))
      .option('--origin-http <host:port>', t('cli.serverConfig.originHttp'))
      .option('--rtmp <host:port>', t('cli.serverConfig.rtmp'), '0.0.0.0:1935')
      .option('--http <host:port>', t('cli.serverConfig.http'), '0.0.0.0:8080')
      .option('--app <name>', t('cli.serverConfig.app'), 'live')
      .option('--hls', t('cli.serverConfig.hls'))
      .option('--dash', t('cli.serverConfig.dash'))
      .option('--record <folder>', t('cli.serverConfig.record'))
      .option('--push <url>', t('cli.serverConfig.push'), collect)
      .option('--publish-key-env <variable>', t('cli.serverConfig.publishKeyEnvironment'))
      .option('--stat', t('cli.serverConfig.stat'))
      .addOption(workFolder(engine, deps))
      .option('--output <file>', t('cli.serverConfig.output'))
      .option('--json', t('cli.options.json'))
      .action(async (options: RawServerConfigOptions) => {
        const { runServerConfig } = await import('./server-config/server-config.js');
        await runServerConfig(engine, options, deps);
      });
  }
}

/** SRS has its files in its own folder: there the option is known, to be refused in words, and not shown. */
function workFolder(engine: 'nginx' | 'srs', { messages, environment }: CliDependencies): Option {
  const folder = defaultWorkFolder(environment);
  const text = messages.t('cli.serverConfig.workFolder', { folder });
  return new Option('--work-folder <folder>', text).hideHelp(engine === 'srs');
}
