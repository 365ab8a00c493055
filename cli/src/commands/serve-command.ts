import type { Command } from 'commander';
import type { CliDependencies } from '../cli-dependencies.js';
import type { LinkOptions } from './serve/link.js';
import type { ServeOptions } from './serve/read-serve-options.js';

export function registerServe(program: Command, deps: CliDependencies): void {
  const { t } = deps.messages;
  const serve = program
    .command('serve')
    .description(t('cli.serve.description'))
    .option('--rtmp <host:port>', t('cli.serve.rtmp'))
    .option('--http <host:port>', t('cli.serve.http'))
    .option('--public', t('cli.serve.public'))
    .option('--publish-key <key>', t('cli.serve.publishKey'))
    .option('--publish-key-env <variable>', t('cli.serve.publishKeyEnv'))
    .option('--publish-auth', t('cli.serve.publishAuth'))
    .option('--play-key <key>', t('cli.serve.playKey'))
    .option('--play-key-env <variable>', t('cli.serve.playKeyEnv'))
    .option('--on-publish <url>', t('cli.serve.onPublish'))
    .option('--on-play <url>', t('cli.serve.onPlay'))
    .option('--max-bitrate <rate>', t('cli.serve.maxBitrate'))
    .option('--max-duration <seconds>', t('cli.serve.maxDuration'))
    .option('--max-connections <n>', t('cli.serve.maxConnections'))
    .option('--metrics', t('cli.serve.metrics'))
    .option('--hls-segment <seconds>', t('cli.serve.hlsSegment'))
    .option('--record <folder>', t('cli.serve.record'))
    .option('--push <url>', t('cli.serve.push'), (url: string, all: string[]) => [...all, url], [])
    .option('--tls-cert <file>', t('cli.serve.tlsCert'))
    .option('--tls-key <file>', t('cli.serve.tlsKey'))
    .option('--json', t('cli.options.json'))
    .addHelpText('after', `\n${t('cli.serve.trust')}`)
    .action(async (options: ServeOptions) => {
      const { runServe } = await import('./serve/serve.js');
      await runServe(options, deps);
    });
  serve
    .command('link [stream]')
    .description(t('cli.serve.link.description'))
    .option('--play-key-env <variable>', t('cli.serve.playKeyEnv'))
    .option('--play-key <key>', t('cli.serve.link.playKey'))
    .option('--until <time>', t('cli.serve.link.until'), '24h')
    .option('--at <url>', t('cli.serve.link.at'), 'http://127.0.0.1:8080/')
    .option('--json', t('cli.options.json'))
    .action(async (stream: string | undefined, _options: LinkOptions, command: Command) => {
      const { runLink } = await import('./serve/link.js');
      // What `serve` takes under the same name has been read as its own.
      await runLink(stream, command.optsWithGlobals(), deps);
    });
}
