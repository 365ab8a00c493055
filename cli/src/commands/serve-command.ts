import type { Command } from 'commander';
import type { CliDependencies } from '../cli-dependencies.js';
import type { ServeOptions } from './serve/serve.js';

const trust = `
Anybody may publish and play. Whoever can open the viewer page or /api/streams sees the names of all streams; where a
publisher takes the name for a secret stream key, it is none here. So listen on this machine or on a network you trust.`;

export function registerServe(program: Command, deps: CliDependencies): void {
  program
    .command('serve')
    .description('run the built-in server: RTMP in, RTMP, HTTP-FLV and a viewer page out')
    .option('--rtmp <host:port>', 'where publishers and players connect', '127.0.0.1:1935')
    .option('--http <host:port>', 'where the viewer page and /APP/STREAM.flv are', '127.0.0.1:8080')
    .option('--json', 'one JSON object a line on stdout')
    .addHelpText('after', trust)
    .action(async (options: ServeOptions) => {
      const { runServe } = await import('./serve/serve.js');
      await runServe(options, deps);
    });
}
