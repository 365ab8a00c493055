import { BuiltInServer } from '@tallylight/engine';
import { aborted } from 'node-rtmp-client/async';
import type { CliDependencies, CommandResult } from '../../cli-dependencies.js';
import { formatHostPort, parseHostPort } from '../../option-values.js';
import type { Printer } from '../../printer.js';

export interface ServeOptions {
  readonly rtmp: string;
  readonly http: string;
  readonly json?: boolean;
}

export const runServe = (options: ServeOptions, deps: CliDependencies): Promise<void> =>
  deps.run({ json: options.json === true }, (printer) => serve(options, deps, printer));

async function serve(
  options: ServeOptions,
  deps: CliDependencies,
  printer: Printer,
): Promise<CommandResult> {
  const wanted = {
    rtmp: parseHostPort('--rtmp', options.rtmp),
    http: parseHostPort('--http', options.http),
  };
  const server = new BuiltInServer({ logger: deps.logger() });
  const { rtmp, http } = await server.start(wanted);
  const startedAt = Date.now();
  const urls = { rtmp: `rtmp://${formatHostPort(rtmp)}`, http: `http://${formatHostPort(http)}/` };
  const { t } = printer.messages;
  let streams = 0;
  // A stream's name is its publisher's key, and logs travel: only its application is told.
  const unwatch = server.watch(({ type, stream: { app } }) => {
    if (type === 'published') streams += 1;
    const live = server.streams().length;
    printer.state({ state: type, app, live });
    printer.say(t(`cli.serve.${type}`, { app, count: live }));
  });
  printer.state({ state: 'listening', ...urls });
  printer.say(t('cli.serve.publishTo', { url: `${urls.rtmp}/APP/STREAM` }));
  printer.say(t('cli.serve.watchAt', { url: urls.http }));
  printer.say(t('cli.serve.playFrom', { url: `${urls.http}APP/STREAM.flv` }));
  await aborted(deps.interrupted);
  unwatch();
  await server.close();
  return { summary: { durationMs: Date.now() - startedAt, streams, ...urls } };
}
