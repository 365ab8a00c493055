import type { Command } from 'commander';
import type { CliDependencies } from '../cli-dependencies.js';
import type { PlayOptions } from './play/play.js';

export function registerPlay(program: Command, deps: CliDependencies): void {
  program
    .command('play <url>')
    .description(
      'pull a stream from rtmp[s]://HOST/APP/STREAM into a file, or only count its frames',
    )
    .option(
      '--output <file>',
      'write it to this FLV file, or to stdout with "-"; without it frames are only counted',
    )
    .option('--duration <seconds>', 'stop after this long')
    .option('--json', 'one JSON object a line on stdout')
    .action(async (url: string, options: PlayOptions) => {
      const { runPlay } = await import('./play/play.js');
      await runPlay(url, options, deps);
    });
}
