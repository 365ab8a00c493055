import {
  BuiltInServer,
  type BuiltInServerAddresses,
  type BuiltInServerOptions,
} from '@tallylight/engine';
import { isLoopbackHost } from 'node-rtmp-client/address';
import { aborted } from 'node-rtmp-client/async';
import type { CliDependencies, CommandResult } from '../../cli-dependencies.js';
import { formatHostPort } from '../../option-values.js';
import type { Printer } from '../../printer.js';
import { toldHosts } from '../../reachable-hosts.js';
import { readServeOptions, type ServeOptions } from './read-serve-options.js';
import { ServeTeller } from './serve-teller.js';

export const runServe = (options: ServeOptions, deps: CliDependencies): Promise<void> =>
  deps.run({ json: options.json === true }, (printer) => serve(options, deps, printer));

async function serve(
  options: ServeOptions,
  deps: CliDependencies,
  printer: Printer,
): Promise<CommandResult> {
  const { listen: wanted, server: wish } = await readServeOptions(options, deps.environment);
  const server = new BuiltInServer({ logger: deps.logger(), ...wish });
  const startedAt = Date.now();
  const { rtmp, http } = await server.start(wanted);
  const schemes = wish.tls ? { rtmp: 'rtmps', http: 'https' } : { rtmp: 'rtmp', http: 'http' };
  const urls = {
    rtmp: `${schemes.rtmp}://${formatHostPort(rtmp)}`,
    http: `${schemes.http}://${formatHostPort(http)}/`,
  };
  const teller = new ServeTeller(printer);
  const unwatch = server.watch((event) => {
    teller.tell(event, server.streams().length);
  });
  // Whoever ends it while it starts is told of no address any more.
  if (!deps.interrupted.aborted) announce(printer, { rtmp, http }, urls, wish);
  await aborted(deps.interrupted);
  unwatch();
  await server.close();
  return { summary: { durationMs: Date.now() - startedAt, streams: teller.streams, ...urls } };
}

function announce(
  printer: Printer,
  { rtmp, http }: BuiltInServerAddresses,
  urls: Readonly<Record<'rtmp' | 'http', string>>,
  {
    publishKey,
    publishAuth,
    playKey,
  }: Pick<BuiltInServerOptions, 'publishKey' | 'publishAuth' | 'playKey'>,
): void {
  const { t } = printer.messages;
  printer.state({ state: 'listening', ...urls });
  const stream = t('cli.serve.stream');
  // What is printed is read by others, too: the keys themselves are not in it.
  const areTwo = publishKey !== undefined && playKey !== undefined;
  const publishWord = t(areTwo ? 'cli.serve.publishKeyWord' : 'cli.serve.key');
  const playWord = t(areTwo ? 'cli.serve.playKeyWord' : 'cli.serve.key');
  const query = (key: string | undefined, word: string): string =>
    key === undefined ? '' : `?key=${word}`;
  const toWatch = query(playKey, playWord);
  for (const host of toldHosts(rtmp.host)) {
    const login = publishAuth === true ? `${t('cli.serve.user')}:${publishWord}@` : '';
    const place = `${login}${formatHostPort({ ...rtmp, host })}/${stream}`;
    const behind = publishAuth === true ? '' : query(publishKey, publishWord);
    const url = `${new URL(urls.rtmp).protocol}//${place}${behind}`;
    printer.say(t('cli.serve.publishTo', { url }));
  }
  for (const host of toldHosts(http.host)) {
    const url = `${new URL(urls.http).protocol}//${formatHostPort({ ...http, host })}/`;
    printer.say(t('cli.serve.watchAt', { url: url + toWatch }));
    for (const file of ['.flv', '/index.m3u8', '/manifest.mpd'])
      printer.say(t('cli.serve.playFrom', { url: `${url}${stream}${file}${toWatch}` }));
    if (playKey !== undefined || isLoopbackHost(host))
      printer.say(t('cli.serve.statisticsAt', { url: `${url}stat${toWatch}` }));
  }
  if ([rtmp, http].some(({ host }) => !isLoopbackHost(host))) {
    printer.say(t(playKey === undefined ? 'cli.serve.open' : 'cli.serve.guarded'));
  }
}
