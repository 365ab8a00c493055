import type { Command } from 'commander';
import type { CliDependencies } from '../cli-dependencies.js';
import { controlExamples } from './control-commands.js';
import type { RawPublishOptions } from './publish/publish-options.js';

const collect = (value: string, before: string[] = []): string[] => [...before, value];

export function registerPublish(program: Command, deps: CliDependencies): void {
  const { t } = deps.messages;
  program
    .command('publish')
    .description(t('cli.publish.description'))
    .option('--source <source>', t('cli.publish.source'), collect)
    .option('--listen <host:port>', t('cli.publish.listen'))
    .option('--publish-key <key>', t('cli.serve.publishKey'))
    .option('--publish-key-env <variable>', t('cli.serve.publishKeyEnv'))
    .option('--to <url>', t('cli.publish.to'), collect, [])
    .option('--app <app>', t('cli.options.app'), collect)
    .option('--key <key>', t('cli.publish.key'), collect)
    .option('--key-env <variable>', t('cli.options.keyEnvironment'), collect)
    .option('--user <name>', t('cli.options.user'), collect)
    .option('--password-env <variable>', t('cli.options.passwordEnvironment'), collect)
    .option('--profile <name>', t('cli.publish.profile'), collect)
    .option('--duration <seconds>', t('cli.publish.duration'))
    .option('--size <WxH>', t('cli.publish.size'), '1280x720')
    .option('--fps <n>', t('cli.publish.fps'), '30')
    .option('--video-bitrate <rate>', t('cli.publish.videoRate'), '2500k')
    .option('--adapt-bitrate <policy>', t('cli.publish.adaptBitrate'), 'drop-slowest')
    .option('--audio-bitrate <rate>', t('cli.publish.audioRate'), '128k')
    .option('--encoder <name>', t('cli.publish.encoder'))
    .option('--keyframe-interval <seconds>', t('cli.publish.keyframeInterval'), '2')
    .option('--copy', t('cli.publish.copy'))
    .option('--loop', t('cli.publish.loop'))
    .option('--reconnect-for <time>', t('cli.publish.reconnectFor'), 'forever')
    .option('--hold <seconds>', t('cli.publish.hold'), '4')
    .option('--record <file>', t('cli.publish.record'))
    .option('--record-split <limit>', t('cli.publish.recordSplit'))
    .option('--replay <seconds>', t('cli.publish.replay'))
    .option('--metrics <port>', t('cli.publish.metrics'))
    .option('--trace <file>', t('cli.publish.trace'))
    .option('--events', t('cli.publish.events'))
    .option('--control', t('cli.publish.control', { lines: controlExamples.join(' ') }))
    .option('--json', t('cli.options.json'))
    .action(async (options: RawPublishOptions, command: Command) => {
      const { runPublish } = await import('./publish/publish.js');
      const isGiven = (name: string): boolean => command.getOptionValueSource(name) === 'cli';
      await runPublish({ ...options, isGiven }, deps);
    });
}
