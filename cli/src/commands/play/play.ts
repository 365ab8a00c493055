import { appError, describeError, reason } from '@tallylight/contract';
import {
  rtmpErrorToAppError,
  secretsOf,
  shownPlace,
  toErrorInfo,
  withoutKeys,
} from '@tallylight/engine';
import { play, type RtmpPlayer } from 'node-rtmp-client';
import { formatDuration } from '../../format-duration.js';
import type { CliDependencies, CommandResult } from '../../cli-dependencies.js';
import { FlvFile } from '../../flv-file.js';
import { assertFileName } from '../../file-name.js';
import { parseSeconds } from '../../option-values.js';
import type { Printer } from '../../printer.js';
import { PlayStatistics } from './play-statistics.js';
import { resolveStream, type StreamOptions, type StreamPlace } from '../../destinations.js';
import { tryReadings } from '../../try-readings.js';
import { untilSilent } from '../../until-silent.js';

export interface PlayOptions extends StreamOptions {
  /** The same as `key`. */
  readonly stream?: string;
  readonly output?: string;
  readonly duration?: string;
  readonly json?: boolean;
}

const statisticsEveryMs = 500;

export const runPlay = (url: string, options: PlayOptions, deps: CliDependencies): Promise<void> =>
  deps.run({ json: options.json === true, emptySummary: new PlayStatistics().summary }, (printer) =>
    playStream(url, options, deps, printer),
  );

async function playStream(
  url: string,
  options: PlayOptions,
  deps: CliDependencies,
  printer: Printer,
): Promise<CommandResult> {
  if (options.output === '-' && options.json === true) {
    throw appError('INVALID_OPTION', {
      reason: reason('one-stdout', { first: '--output -', second: '--json' }),
    });
  }
  const durationMs =
    options.duration === undefined ? undefined : parseSeconds('--duration', options.duration);
  const names = [
    options.stream !== undefined && '--stream',
    options.key !== undefined && '--key',
    options.keyEnv !== undefined && '--key-env',
  ].filter((option) => option !== false);
  if (names.length > 1) {
    throw appError('INVALID_OPTION', {
      reason: reason('only-one-option', { options: names.join(', ') }),
    });
  }
  if (options.output !== undefined) assertFileName('--output', options.output, 'not-flv');
  const key = options.stream ?? options.key;
  const place = resolveStream(url, { ...options, key }, deps.environment);
  for (const secret of secretsOf(place)) {
    printer.addSecret(secret);
    deps.logger().addSecret(secret);
  }

  const { output: path } = options;
  const file =
    path === undefined ? undefined : await FlvFile.open(path === '-' ? deps.stdout : path);
  const statistics = new PlayStatistics(durationMs);
  const begunAt = performance.now();
  const pulled = await pull({ place, file, statistics, deps, printer });
  const seconds = Math.round((performance.now() - begunAt) / 100) / 10;
  const closed = await close(file);
  const failure = pulled ?? closed ?? whyEmpty(statistics, place, seconds);
  const { t } = printer.messages;
  if (failure) printer.error(failure);
  else printer.say(t('cli.play.done', figuresOf(statistics)));
  if (file && path !== undefined) {
    const isWhole = closed === undefined && statistics.hasFrames;
    if (file.bytes === 0) printer.say(t('cli.play.nothingWritten'));
    else if (path !== '-' && isWhole) printer.say(t('cli.play.savedTo', { path }));
    else if (failure) printer.say(t('cli.play.written', { count: file.bytes }));
  }
  return {
    summary: {
      ...statistics.summary,
      url: shownPlace(place).url,
      ...(file && file.bytes > 0 && { output: { path, bytes: file.bytes } }),
    },
    ...(failure && { error: failure }),
  };
}

/** Whoever saves a stream must not take a stream that never came for a saved one, however it ended. */
const whyEmpty = (
  { hasFrames }: PlayStatistics,
  { address: { host } }: StreamPlace,
  seconds: number,
): CommandResult['error'] =>
  hasFrames ? undefined : describeError('NO_MEDIA_RECEIVED', { host, seconds });

async function close(file: FlvFile | undefined): Promise<CommandResult['error']> {
  try {
    await file?.close();
    return undefined;
  } catch (error) {
    return toErrorInfo(error);
  }
}

interface Pull {
  readonly place: StreamPlace;
  readonly file: FlvFile | undefined;
  readonly statistics: PlayStatistics;
  readonly deps: CliDependencies;
  readonly printer: Printer;
}

/** Plays until the stream ends, as much has come as is wanted or a signal comes. Returns why it failed, if it did. */
async function pull(task: Pull): Promise<CommandResult['error']> {
  const { file, statistics, deps, printer } = task;
  const { t } = printer.messages;
  let shown = shownPlace(task.place);
  let tried = task.place;
  try {
    const player = await tryReadings(task.place, (place, isOther) => {
      tried = place;
      shown = shownPlace(place);
      if (isOther) printer.say(t('cli.play.nextReading', shown));
      return play({
        ...{ address: place.address, streamKey: place.streamKey },
        signal: deps.interrupted,
        onPhase: ({ detail, ...event }) =>
          printer.state({
            ...event,
            ...(detail !== undefined && { detail: withoutKeys(detail, place) }),
          }),
      });
    });
    shown = shownPlace({ ...tried, otherwise: [] });
    if (task.place.otherwise) printer.say(`  ${t('cli.publish.readingTaken', { url: shown.url })}`);
    printer.state({ state: 'playing', url: shown.url });
    printer.say(t('cli.play.begins', { url: shown.url }));
    if (!file) printer.say(t('cli.play.onlyCounted'));
    const stop = deps.interrupted;
    try {
      await receive(player, stop, task);
      // A stream that ended in order leaves nothing here.
      const isWanted = stop.aborted || statistics.isComplete;
      const lost = isWanted ? undefined : await player.closed;
      if (lost) throw lost;
    } finally {
      await player.close();
    }
    return undefined;
  } catch (error) {
    if (deps.interrupted.aborted) return undefined;
    return toErrorInfo(
      rtmpErrorToAppError(error, {
        ...shown,
        redact: deps.logger().redact,
        hideKey: (app) => withoutKeys(app, task.place),
      }),
    );
  }
}

const figuresOf = ({ durationMs, frames }: PlayStatistics) => ({
  time: formatDuration(durationMs),
  count: frames,
});

function sayOpaque(codec: string, { file, printer }: Pull): void {
  const key = file ? 'cli.play.opaqueKept' : 'cli.play.opaque';
  printer.say(`  ${printer.messages.t(key, { codec })}`);
}

async function receive(player: RtmpPlayer, stop: AbortSignal, task: Pull): Promise<void> {
  const { statistics, file, printer } = task;
  let toldAt = Date.now();
  for await (const item of untilSilent(player, stop, task.place.address.host)) {
    const opaque = statistics.count(item);
    if (statistics.isComplete) return;
    if (opaque !== undefined) sayOpaque(opaque, task);
    await file?.write(item);
    if (Date.now() - toldAt < statisticsEveryMs) continue;
    toldAt = Date.now();
    printer.stats(statistics.summary);
    const text = printer.messages.t('cli.play.progress', figuresOf(statistics));
    printer.progress(`  ${text}`);
  }
}
