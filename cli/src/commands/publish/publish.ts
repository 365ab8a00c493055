import {
  appError,
  exitCodes,
  reason,
  type AppErrorInfo,
  type StreamSettings,
} from '@tallylight/contract';
import {
  readPlaylist,
  secretsOf,
  shownPlace,
  whyNoNewFile,
  type DestinationTarget,
  type Engine,
  type RtmpTrace,
  type StartBroadcast,
} from '@tallylight/engine';
import { aborted } from 'node-rtmp-client/async';
import type { CliDependencies, CommandResult } from '../../cli-dependencies.js';
import { resolveDestinations, streamOptionNames, warningsOf } from '../../destinations.js';
import { openEngine } from '../../open-engine.js';
import type { Printer } from '../../printer.js';
import { emptyBroadcastSummary, runBroadcast } from '../../run-broadcast.js';
import { TraceFile } from '../../trace-file.js';
import type { OpenedStream } from './open-stream.js';
import {
  parsePublishOptions,
  type PublishOptions,
  type RawPublishOptions,
} from './publish-options.js';
import { refuseTwice } from './refuse-twice.js';

type OpenSource = ReturnType<Engine['openSource']>;

export const runPublish = (options: RawPublishOptions, deps: CliDependencies): Promise<void> =>
  deps.run({ json: options.json === true, emptySummary: emptyBroadcastSummary }, (printer) =>
    publish(options, deps, printer),
  );

async function publish(
  raw: RawPublishOptions,
  deps: CliDependencies,
  printer: Printer,
): Promise<CommandResult> {
  const options = parsePublishOptions(raw);
  await refuseOldRecording(options.recordTo);
  const engine = openEngine(deps, { printer, metrics: options.metricsPort !== undefined });
  try {
    // Before a destination starts it on a port that nobody knows.
    if (options.metricsPort !== undefined) await engine.server.start(options.metricsPort);
    const destinations = isOnlyRecorded(raw)
      ? []
      : await resolveDestinations(raw, deps.environment, (name) => engine.openTarget(name));
    refuseTwice(destinations);
    for (const target of destinations) {
      for (const secret of secretsOf(target)) printer.addSecret(secret);
      for (const warning of warningsOf(target, settingsOf(options))) printer.warn(warning);
    }
    tellWhereMetricsAre(engine, printer);
    const { source } = options;
    if (source.type !== 'stream' && source.type !== 'pulled-stream')
      return await broadcastTo(engine, destinations, options, deps, printer);
    // With it comes a server.
    const { openStream } = await import('./open-stream.js');
    const stream = await openStream(source, raw, { engine, destinations, deps, printer });
    try {
      return await broadcastTo(engine, destinations, options, deps, printer, stream);
    } finally {
      await stream.close();
    }
  } finally {
    await engine.close();
  }
}

function tellWhereMetricsAre({ server: { metricsUrl: url } }: Engine, printer: Printer): void {
  if (url === undefined) return;
  printer.state({ state: 'listening', metrics: url });
  printer.say(printer.messages.t('cli.publish.metricsAt', { url }));
}

/** What will be encoded; what is sent as it is, nobody has looked into yet. */
function settingsOf({ source, encoding }: PublishOptions): StreamSettings | undefined {
  if (source.type === 'stream' || source.type === 'pulled-stream') return undefined;
  if (source.type === 'files') return source.copy ? undefined : { ...encoding, hasSound: true };
  return { ...encoding, hasSound: source.type !== 'capture' || source.audio.type !== 'none' };
}

/** Whether there is no word of any server. */
const isOnlyRecorded = (raw: RawPublishOptions): boolean =>
  raw.record !== undefined &&
  [raw.to, raw.profile, ...streamOptionNames.map((name) => raw[name])].every(
    (given = []) => given.length === 0,
  );

/** What is known of the file now is said now: on air nobody can choose another. */
async function refuseOldRecording(file: string | undefined): Promise<void> {
  if (file === undefined) return;
  const why = await whyNoNewFile(file);
  if (why === undefined) return;
  throw appError('INVALID_OPTION', { reason: reason('file-not-written', { file, why }) });
}

async function broadcastTo(
  engine: Engine,
  destinations: readonly DestinationTarget[],
  options: PublishOptions,
  deps: CliDependencies,
  printer: Printer,
  stream?: OpenedStream,
): Promise<CommandResult> {
  const failures: AppErrorInfo[] = [];
  const source = stream?.source ?? (await openSource(engine, options, printer, failures));
  // What is wrong with it shows without the network; else a server that is down would hide it.
  const prepared = source.prepare();
  await Promise.race([prepared, aborted(deps.interrupted)]);
  if (deps.interrupted.aborted) {
    // What becomes of it, nobody waits for.
    prepared.catch(() => undefined);
    const { t } = printer.messages;
    if (destinations.length > 0) printer.say(t('cli.publish.neverLive'));
    if (options.recordTo !== undefined) printer.say(t('cli.publish.nothingRecorded'));
    return { summary: emptyBroadcastSummary };
  }
  for (const note of source.status.notes ?? []) printer.notice(note);
  const { t } = printer.messages;
  const urls = destinations.map((target) => shownPlace(target).url).join(', ');
  if (destinations.length > 0) printer.say(t('cli.publish.begins', { urls }));
  for (const { watchUrl } of destinations) {
    if (watchUrl !== undefined) printer.say(t('cli.publish.watchAt', { url: watchUrl }));
  }
  const { encoding, adaptation, durationMs, recordTo, split, replaySeconds } = options;
  const wanted: StartBroadcast = {
    source,
    encoding,
    adaptation,
    outputs: [
      ...destinations.map((target) => ({ type: 'rtmp', target }) as const),
      ...(recordTo === undefined ? [] : [recordingSpec(recordTo, split)]),
      ...(replaySeconds === undefined ? [] : [{ type: 'replay', seconds: replaySeconds } as const]),
    ],
    loss: options.loss,
    ...(durationMs !== undefined && { durationMs }),
  };
  const result = await runTraced(engine, wanted, options, deps, printer, destinations, stream);
  return withFailedFiles(result, failures, printer);
}

const recordingSpec = (path: string, split: PublishOptions['split']) =>
  ({ type: 'recording', path, ...(split && { split }) }) as const;

/** @param failures gets what is said of files that are left out, or not sent whole. */
async function openSource(
  engine: Engine,
  { source, encoding }: PublishOptions,
  printer: Printer,
  failures: AppErrorInfo[],
): Promise<OpenSource> {
  if (source.type === 'stream' || source.type === 'pulled-stream') throw new Error('opened before');
  if (source.type !== 'files') return engine.openSource(source, encoding);
  const { entries, copy, loop } = source;
  const lists = await Promise.all(
    entries.map(async ({ type, path }) =>
      type === 'playlist' ? await readPlaylist(path) : [path],
    ),
  );
  const files = lists.flat();
  const { t } = printer.messages;
  return engine.openPlaylist({ files, copy, loop }, encoding, {
    onFile: (file, number) => {
      if (files.length === 1) return;
      printer.say(t('cli.publish.nextFile', { number, count: files.length, file }));
    },
    onFailure: (error) => {
      failures.push(error);
      printer.error(error, { remedy: (messages) => messages.t('cli.publish.goesOnBehind') });
    },
  });
}

/** A show that went on without some of its files was not all that was asked for. */
function withFailedFiles(
  result: CommandResult,
  failures: readonly AppErrorInfo[],
  printer: Printer,
): CommandResult {
  const [first] = failures;
  if (!first) return result;
  printer.say(printer.messages.t('cli.publish.filesNotWhole', { count: failures.length }));
  const summary = { ...result.summary, failedFiles: failures };
  if (result.error) return { ...result, summary };
  return { summary, error: first, exitCode: exitCodes.partly };
}

async function runTraced(
  engine: Engine,
  wanted: StartBroadcast,
  options: PublishOptions,
  deps: CliDependencies,
  printer: Printer,
  destinations: readonly DestinationTarget[],
  stream: OpenedStream | undefined,
): Promise<CommandResult> {
  const { source, traceTo, isControlled, tellsEvents, split } = options;
  const settings = settingsOf(options);
  const isCopy = source.type !== 'capture' && (!('copy' in source) || source.copy);
  const { Control } = isControlled === true ? await import('./control.js') : {};
  const control =
    Control &&
    ((broadcast: Awaited<ReturnType<Engine['startBroadcast']>>, onRetry: (id: string) => void) =>
      new Control(broadcast, {
        ...{ engine, deps, printer, destinations, split, settings, onRetry },
        loss: wanted.loss,
        refuseCircle: stream?.refuseCircle,
      }));
  const run = { interrupted: deps.interrupted, printer, isCopy, tellsEvents, control };
  if (traceTo === undefined) return runBroadcast(engine, wanted, run);
  const file = await TraceFile.open(traceTo, (error) => printer.error(error));
  const several = wanted.outputs.filter(({ type }) => type === 'rtmp').length > 1;
  const trace: RtmpTrace = (message, name) => file.write(message, several ? name : undefined);
  let result: CommandResult;
  try {
    result = await runBroadcast(engine, { ...wanted, trace }, run);
  } finally {
    const missing = await file.close(printer.messages);
    if (missing !== undefined) printer.say(missing);
  }
  if (!file.error || result.error) return result;
  return { ...result, error: file.error, exitCode: exitCodes.partly };
}
