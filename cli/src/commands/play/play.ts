import { appError, reason } from '@tallylight/contract';
import { rtmpErrorToAppError, toErrorInfo } from '@tallylight/engine';
import { play, type RtmpAddress, type RtmpPlayer } from 'node-rtmp-client';
import { formatDuration } from '../../broadcast-reporter.js';
import type { CliDependencies, CommandResult } from '../../cli-dependencies.js';
import { FlvFile } from '../../flv-file.js';
import { parseSeconds } from '../../option-values.js';
import type { Printer } from '../../printer.js';
import { PlayStatistics } from './play-statistics.js';
import { parseAddress } from '../../rtmp-address.js';
import { untilSilent } from '../../until-silent.js';

export interface PlayOptions {
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
  const address = parseAddress(url, true);
  const streamKey = address.streamName ?? '';
  if (streamKey === '') {
    throw appError('INVALID_OPTION', {
      reason: reason('no-stream-named', { url: address.serverUrl }),
    });
  }
  printer.addSecret(streamKey);
  deps.logger().addSecret(streamKey);

  const { output: path } = options;
  const file =
    path === undefined ? undefined : await FlvFile.open(path === '-' ? deps.stdout : path);
  const statistics = new PlayStatistics();
  const task = { address, streamKey, file, statistics, durationMs, deps, printer };
  const pulled = await pull(task);
  const closed = await close(file);
  const failure = pulled ?? closed;
  if (failure) printer.error(failure);
  else printer.say(printer.messages.t('cli.play.done', figuresOf(statistics)));
  return {
    summary: {
      ...statistics.summary,
      url: address.serverUrl,
      ...(file && { output: { path, bytes: file.bytes } }),
    },
    ...(failure && { error: failure }),
  };
}

async function close(file: FlvFile | undefined): Promise<CommandResult['error']> {
  try {
    await file?.close();
    return undefined;
  } catch (error) {
    return toErrorInfo(error);
  }
}

interface Pull {
  readonly address: RtmpAddress;
  readonly streamKey: string;
  readonly file: FlvFile | undefined;
  readonly statistics: PlayStatistics;
  readonly durationMs: number | undefined;
  readonly deps: CliDependencies;
  readonly printer: Printer;
}

/** Plays until the stream ends, the time is up or a signal comes. Returns why it failed, if it did. */
async function pull(task: Pull): Promise<CommandResult['error']> {
  const { address, streamKey, file, durationMs, deps, printer } = task;
  const { host, port, app, serverUrl } = address;
  try {
    const player = await play({
      address,
      streamKey,
      signal: deps.interrupted,
      onPhase: (event) => printer.state({ ...event, state: `${event.phase} ${event.state}` }),
    });
    printer.state({ state: 'playing', url: serverUrl });
    const { t } = printer.messages;
    printer.say(t('cli.play.begins', { url: serverUrl }));
    if (!file) printer.say(t('cli.play.onlyCounted'));
    const timeUp = durationMs === undefined ? [] : [AbortSignal.timeout(durationMs)];
    const stop = AbortSignal.any([deps.interrupted, ...timeUp]);
    try {
      await receive(player, stop, task);
      // A stream that ended in order leaves nothing here.
      const lost = stop.aborted ? undefined : await player.closed;
      if (lost) throw lost;
    } finally {
      await player.close();
    }
    return undefined;
  } catch (error) {
    if (deps.interrupted.aborted) return undefined;
    return toErrorInfo(
      rtmpErrorToAppError(error, { host, port, app, url: serverUrl, redact: deps.logger().redact }),
    );
  }
}

const figuresOf = ({ durationMs, frames }: PlayStatistics) => ({
  time: formatDuration(durationMs),
  count: frames,
});

async function receive(player: RtmpPlayer, stop: AbortSignal, task: Pull): Promise<void> {
  const { statistics, file, printer } = task;
  let toldAt = Date.now();
  for await (const item of untilSilent(player, stop, task.address.host)) {
    statistics.count(item);
    await file?.write(item);
    if (Date.now() - toldAt < statisticsEveryMs) continue;
    toldAt = Date.now();
    printer.stats(statistics.summary);
    const text = printer.messages.t('cli.play.progress', figuresOf(statistics));
    printer.progress(`  ${text}`);
  }
}
