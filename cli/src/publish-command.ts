import type { AppErrorInfo } from '@tallylight/contract';
import {
  summarize,
  toErrorInfo,
  type BroadcastSummary,
  type DestinationTarget,
  type Engine,
  type StartBroadcast,
} from '@tallylight/engine';
import type { Command } from 'commander';
import { BroadcastReporter, formatDuration } from './broadcast-reporter.js';
import type { CliDependencies, CommandResult } from './cli-dependencies.js';
import { resolveDestinations } from './destinations.js';
import { openEngine } from './open-engine.js';
import type { Output } from './output.js';
import {
  parsePublishOptions,
  type PublishOptions,
  type RawPublishOptions,
} from './publish-options.js';

/** The summary of a broadcast that never began. */
export const emptyBroadcastSummary: BroadcastSummary = {
  durationMs: 0,
  video: { frames: 0, keyframes: 0, droppedFrames: 0, bytes: 0 },
  audio: { frames: 0, bytes: 0 },
  destinations: [],
};

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
    .option('--json', 'one JSON object a line on stdout')
    .action((options: RawPublishOptions) =>
      deps.run({ json: options.json === true, emptySummary: emptyBroadcastSummary }, (output) =>
        publish(options, deps, output),
      ),
    );
}

async function publish(
  raw: RawPublishOptions,
  deps: CliDependencies,
  output: Output,
): Promise<CommandResult> {
  const options = parsePublishOptions(raw);
  const engine = openEngine(deps);
  try {
    const destinations = await resolveDestinations(raw, deps.environment, (name) =>
      engine.openTarget(name),
    );
    return await broadcastTo(engine, destinations, options, deps, output);
  } finally {
    await engine.close();
  }
}

async function broadcastTo(
  engine: Engine,
  destinations: readonly DestinationTarget[],
  options: PublishOptions,
  deps: CliDependencies,
  output: Output,
): Promise<CommandResult> {
  for (const { streamKey, watchUrl } of destinations) {
    // The name of a stream that is watched on this machine is no secret, and is in its link.
    if (watchUrl !== undefined) continue;
    output.addSecret(streamKey);
    deps.logger().addSecret(streamKey);
  }
  const source = engine.openSource(options.source, options.encoding);
  // What is wrong with it shows without the network; else a server that is down would hide it.
  await source.prepare();
  output.say(`Publishing to ${destinations.map((d) => d.serverUrl).join(', ')}`);
  for (const { watchUrl } of destinations) {
    if (watchUrl !== undefined) output.say(`Watch at ${watchUrl}`);
  }
  const { encoding, durationMs, recordTo } = options;
  const wanted: StartBroadcast = {
    source,
    encoding,
    outputs: [
      ...destinations.map((target) => ({ type: 'rtmp', target }) as const),
      ...(recordTo === undefined ? [] : [{ type: 'recording', path: recordTo } as const]),
    ],
    ...(durationMs !== undefined && { durationMs }),
  };
  return runBroadcast(engine, wanted, deps.interrupted, output);
}

interface BroadcastResult extends CommandResult {
  readonly summary: BroadcastSummary;
}

/** Runs a broadcast to its end, or until `interrupted`, and tells how it goes. */
export async function runBroadcast(
  engine: Engine,
  wanted: StartBroadcast,
  interrupted: AbortSignal,
  output: Output,
): Promise<BroadcastResult> {
  const reporter = new BroadcastReporter(output);
  const broadcast = await engine.startBroadcast({
    ...wanted,
    onSnapshot: (snapshot) => reporter.update(snapshot),
  });
  const stop = (): void => {
    broadcast.stop().catch((error: unknown) => reporter.tellError(toErrorInfo(error)));
  };
  interrupted.addEventListener('abort', stop, { once: true });
  try {
    if (interrupted.aborted) stop();
    const last = await broadcast.run();
    reporter.update(last);
    const summary = summarize(last);
    const error = last.error ?? failureOf(summary);
    if (error) reporter.tellError(error);
    else output.say(describeEnd(summary));
    return { summary, ...(error && { error }) };
  } finally {
    interrupted.removeEventListener('abort', stop);
  }
}

/** One of several destinations that failed, or the recording: not all that was asked for was done. */
const failureOf = ({ destinations, recording }: BroadcastSummary): AppErrorInfo | undefined =>
  destinations.find(({ state }) => state === 'failed')?.lastError ?? recording?.lastError;

const describeEnd = ({ durationMs, video, recording }: BroadcastSummary): string =>
  `Done: ${formatDuration(durationMs)}, ${video.frames} frames` +
  (recording ? `, recorded to ${recording.path}` : '');
