import {
  Broadcast,
  createFfmpegSource,
  FfmpegLocator,
  type DestinationTarget,
} from '@tallylight/engine';
import type { CliDependencies, CommandResult } from '../../cli-dependencies.js';
import { resolveDestinations } from '../../destinations.js';
import { openProfiles } from '../../open-profiles.js';
import type { Output } from '../../output.js';
import { emptyBroadcastSummary, runBroadcast } from '../../run-broadcast.js';
import {
  parsePublishOptions,
  type PublishOptions,
  type RawPublishOptions,
} from './publish-options.js';

export const runPublish = (options: RawPublishOptions, deps: CliDependencies): Promise<void> =>
  deps.run({ json: options.json === true, emptySummary: emptyBroadcastSummary }, (output) =>
    publish(options, deps, output),
  );

async function publish(
  raw: RawPublishOptions,
  deps: CliDependencies,
  output: Output,
): Promise<CommandResult> {
  const options = parsePublishOptions(raw);
  // Only a profile needs what is saved; a box in a rack may have no place to save anything.
  const engine = raw.profile === undefined ? undefined : await openProfiles(deps);
  try {
    const destinations = await resolveDestinations(raw, deps.environment, (name) => {
      if (!engine) throw new Error('a profile without an engine');
      return engine.destination(name);
    });
    return await broadcastTo(destinations, options, deps, output);
  } finally {
    await engine?.close();
  }
}

async function broadcastTo(
  destinations: readonly DestinationTarget[],
  options: PublishOptions,
  deps: CliDependencies,
  output: Output,
): Promise<CommandResult> {
  const logger = deps.logger();
  for (const { streamKey, watchUrl } of destinations) {
    // The name of a stream that is watched on this machine is no secret, and is in its link.
    if (watchUrl !== undefined) continue;
    output.addSecret(streamKey);
    logger.addSecret(streamKey);
  }
  const ffmpeg = new FfmpegLocator({ env: deps.environment });
  const source = createFfmpegSource(options.source, options.encoding, { ffmpeg, logger });
  // What is wrong with it shows without the network; else a server that is down would hide it.
  await source.prepare();
  const broadcast = new Broadcast({
    source,
    encoding: options.encoding,
    destinations,
    ...(options.recordTo !== undefined && { recordTo: options.recordTo }),
    ...(options.durationMs !== undefined && { durationMs: options.durationMs }),
    logger,
    version: deps.version,
  });
  output.say(`Publishing to ${destinations.map((d) => d.serverUrl).join(', ')}`);
  for (const { watchUrl } of destinations) {
    if (watchUrl !== undefined) output.say(`Watch at ${watchUrl}`);
  }
  return runBroadcast(broadcast, deps.interrupted, output);
}
