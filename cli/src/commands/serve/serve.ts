import { once } from 'node:events';
import { BuiltInServer } from '@tallylight/engine';
import type { Command } from 'commander';
import type { CliDependencies, CommandResult } from '../../cli-dependencies.js';
import { formatHostPort, parseHostPort } from '../../option-values.js';
import type { Output } from '../../output.js';

interface ServeOptions {
  readonly rtmp: string;
  readonly http: string;
  readonly json?: boolean;
}

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
    .action((options: ServeOptions) =>
      deps.run({ json: options.json === true }, (output) => serve(options, deps, output)),
    );
}

async function serve(
  options: ServeOptions,
  deps: CliDependencies,
  output: Output,
): Promise<CommandResult> {
  const wanted = {
    rtmp: parseHostPort('--rtmp', options.rtmp),
    http: parseHostPort('--http', options.http),
  };
  const server = new BuiltInServer({ logger: deps.logger() });
  const { rtmp, http } = await server.start(wanted);
  const startedAt = Date.now();
  const urls = { rtmp: `rtmp://${formatHostPort(rtmp)}`, http: `http://${formatHostPort(http)}/` };
  let streams = 0;
  // A stream's name is its publisher's key, and logs travel: only its application is told.
  const unwatch = server.watch(({ type, stream: { app } }) => {
    if (type === 'published') streams += 1;
    const live = server.streams().length;
    output.state({ state: type, app, live });
    const what = type === 'published' ? '● on air in' : '○ ended in';
    output.say(`${what} /${app} (${live} ${live === 1 ? 'stream' : 'streams'})`);
  });
  output.state({ state: 'listening', ...urls });
  output.say(`Publish to  ${urls.rtmp}/APP/STREAM`);
  output.say(`Watch at    ${urls.http}`);
  output.say(`Play        ${urls.http}APP/STREAM.flv`);
  if (!deps.interrupted.aborted) await once(deps.interrupted, 'abort');
  unwatch();
  await server.close();
  return { summary: { durationMs: Date.now() - startedAt, streams, ...urls } };
}
