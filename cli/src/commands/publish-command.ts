import type { Command } from 'commander';
import type { CliDependencies } from '../cli-dependencies.js';
import type { RawPublishOptions } from './publish/publish-options.js';

const collect = (value: string, before: string[]): string[] => [...before, value];

export function registerPublish(program: Command, deps: CliDependencies): void {
  program
    .command('publish')
    .description('go live without a window')
    .requiredOption('--source <source>', 'test, file:PATH or camera:ID[,mic:ID] (see "devices")')
    .option('--to <url>', 'rtmp[s]://HOST/APP/KEY; again for more destinations', collect, [])
    .option('--key <key>', 'the stream key; --to is then the server URL alone')
    .option('--key-env <variable>', 'the environment variable that holds the stream key')
    .option('--profile <name>', 'the saved profile that holds the stream key (and the server)')
    .option(
      '--duration <seconds>',
      'stop after this much picture and sound; LIVE comes after 5 s of it',
    )
    .option('--size <WxH>', 'picture size', '1280x720')
    .option('--fps <n>', 'frames per second', '30')
    .option('--video-bitrate <rate>', 'bits per second', '2500k')
    .option('--audio-bitrate <rate>', 'bits per second', '128k')
    .option('--encoder <name>', 'ffmpeg’s name of the video encoder (see "devices")')
    .option('--keyframe-interval <seconds>', 'seconds between keyframes', '2')
    .option('--copy', 'send a file’s H.264 and AAC as they are')
    .option('--loop', 'start a file again at its end')
    .option('--record <file>', 'also record to this FLV file')
    .option('--trace <file>', 'write every RTMP message to this file, without keys')
    .option('--json', 'one JSON object a line on stdout')
    .action(async (options: RawPublishOptions) => {
      const { runPublish } = await import('./publish/publish.js');
      await runPublish(options, deps);
    });
}
