import { appError, reason } from '@tallylight/contract';
import {
  rtmpOrigin,
  shownPlace,
  secretsOf,
  StreamIngest,
  toErrorInfo,
  type BuiltInServerEvent,
  type DestinationTarget,
  type Engine,
} from '@tallylight/engine';
import { isLoopbackHost } from 'node-rtmp-client/address';
import type { CliDependencies } from '../../cli-dependencies.js';
import { resolveStream } from '../../destinations.js';
import { formatHostPort, parseHostPort, type HostPort } from '../../option-values.js';
import type { Printer } from '../../printer.js';
import { hostsOf, toldHosts } from '../../reachable-hosts.js';
import { shownStream, withoutControls } from '../../shown-stream.js';
import { readServerKey } from '../serve/read-serve-options.js';
import { ServeTeller } from '../serve/serve-teller.js';
import type { RawPublishOptions, StreamOption } from './publish-options.js';

interface Surroundings {
  readonly engine: Engine;
  readonly destinations: readonly DestinationTarget[];
  readonly deps: CliDependencies;
  readonly printer: Printer;
}

export interface OpenedStream {
  readonly source: ReturnType<Engine['openStream']>;
  /** @throws AppError where a destination is what the stream comes from. */
  readonly refuseCircle: (destinations: readonly DestinationTarget[]) => void;
  close(): Promise<void>;
}

/** Waits for a stream that others publish, and says where it is waited for. @throws AppError why that cannot be. */
export const openStream = (
  option: StreamOption,
  raw: RawPublishOptions,
  surroundings: Surroundings,
): Promise<OpenedStream> =>
  option.type === 'stream'
    ? listenFor(option, raw, surroundings)
    : Promise.resolve(pull(option.url, surroundings));

async function listenFor(
  { app, name }: StreamOption & { readonly type: 'stream' },
  raw: RawPublishOptions,
  { engine, destinations, deps, printer }: Surroundings,
): Promise<OpenedStream> {
  const wanted = parseHostPort('--listen', raw.listen ?? '127.0.0.1:1935', '127.0.0.1:1935');
  const publishKey = readServerKey('publish', raw, deps.environment);
  if (!isLoopbackHost(wanted.host) && publishKey === undefined)
    throw appError('INVALID_OPTION', { reason: reason('public-needs-key') });
  refuseCircle({ ...wanted, app, name }, destinations);
  const ingest = new StreamIngest({
    logger: deps.logger(),
    ...(publishKey !== undefined && { publishKey }),
  });
  const listening = await ingest.start(wanted).catch((error: unknown) => {
    throw takenPort(error, wanted, `${app}/${name}`);
  });
  const teller = new ServeTeller(printer);
  const told = new Set<string>();
  ingest.watch((event) => {
    if (event.type === 'publisher-refused') teller.tell(event, 0);
    else tellOther(event, { app, name }, told, printer);
  });
  announce(printer, listening, { app, name }, publishKey !== undefined);
  const origin = ingest.origin(app, name);
  const { language } = deps.messages;
  const from = { ...wanted, port: listening.port, app, name };
  return {
    source: engine.openStream(origin, language),
    refuseCircle: (added) => refuseCircle(from, added),
    close: () => ingest.close(),
  };
}

interface StreamName {
  readonly app: string;
  readonly name: string;
}

/** What runs there is most likely a server of ours, from which the stream can be had, too. */
function takenPort(error: unknown, wanted: HostPort, stream: string): unknown {
  const { code, data } = toErrorInfo(error);
  if (code !== 'PORT_IN_USE') return error;
  const url = `rtmp://${formatHostPort(wanted)}/${stream}`;
  return appError('PORT_IN_USE', { ...data, url, why: reason('port-for-source') });
}

function announce(
  printer: Printer,
  listening: HostPort,
  { app, name }: StreamName,
  needsKey: boolean,
): void {
  const { t } = printer.messages;
  // What is printed is read by others, too: the key itself is not in it.
  const key = name + (needsKey ? `?key=${t('cli.serve.key')}` : '');
  const servers = toldHosts(listening.host).map(
    (host) => `rtmp://${formatHostPort({ ...listening, host })}/${app}`,
  );
  printer.state({
    ...{ state: 'listening', stream: `${app}/${name}` },
    publishTo: servers.map((server) => `${server}/${name}`),
  });
  for (const server of servers)
    printer.say(t('cli.publish.awaits', { stream: `${app}/${name}`, url: `${server}/${key}` }));
  const server = servers.at(-1) ?? '';
  printer.say(t('cli.publish.awaitsInObs', { server, key }));
}

/** More are not told: names come from anybody. */
const mostTold = 20;

/** Whoever has got the name wrong sees that the server takes the stream, and nobody that it goes nowhere. */
function tellOther(
  event: BuiltInServerEvent,
  awaited: StreamName,
  told: Set<string>,
  printer: Printer,
): void {
  if (event.type !== 'published') return;
  const { app, name } = event.stream;
  const stream = shownStream(app, name);
  const isAwaited = app === awaited.app && name === awaited.name;
  if (isAwaited || told.has(stream) || told.size >= mostTold) return;
  told.add(stream);
  const data = { stream: withoutControls(stream), awaited: `${awaited.app}/${awaited.name}` };
  printer.notice(reason('other-stream-published', data));
}

function pull(url: string, { engine, destinations, deps, printer }: Surroundings): OpenedStream {
  const place = resolveStream(url, {}, deps.environment);
  for (const secret of secretsOf(place)) printer.addSecret(secret);
  const { address, streamKey } = place;
  const from = { ...address, name: streamKey };
  refuseCircle(from, destinations);
  const origin = rtmpOrigin({ address, streamKey }, deps.logger(), (error) => printer.warn(error));
  const { t, language } = printer.messages;
  printer.say(t('cli.publish.awaitsPulled', { url: shownPlace({ address, streamKey }).url }));
  return {
    source: engine.openStream(origin, language),
    refuseCircle: (added) => refuseCircle(from, added),
    close: () => Promise.resolve(),
  };
}

/** @throws AppError where a destination is what the stream comes from. */
function refuseCircle(
  source: HostPort & StreamName,
  destinations: readonly DestinationTarget[],
): void {
  const hosts = new Set([source.host, ...hostsOf(source.host)].map(plainHost));
  const same = destinations.find(
    ({ address, streamKey }) =>
      address.port === source.port &&
      hosts.has(plainHost(address.host)) &&
      withoutQuery(address.app) === withoutQuery(source.app) &&
      withoutQuery(streamKey) === withoutQuery(source.name),
  );
  if (!same) return;
  const why = reason('destination-is-source', { destination: same.name });
  throw appError('INVALID_OPTION', { reason: why });
}

/** All names of this computer for itself are one. */
const plainHost = (host: string): string =>
  isLoopbackHost(host) ? 'localhost' : host.toLowerCase().replace(/^\[|\]$/g, '');

const withoutQuery = (text: string): string => text.split('?')[0] ?? '';
