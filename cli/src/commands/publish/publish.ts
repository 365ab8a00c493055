import type { DestinationTarget, Engine, RtmpTrace, StartBroadcast } from '@tallylight/engine';
import type { CliDependencies, CommandResult } from '../../cli-dependencies.js';
import { resolveDestinations } from '../../destinations.js';
import { openEngine } from '../../open-engine.js';
import type { Printer } from '../../printer.js';
import { emptyBroadcastSummary, runBroadcast } from '../../run-broadcast.js';
import { TraceFile } from '../../trace-file.js';
import {
  parsePublishOptions,
  type PublishOptions,
  type RawPublishOptions,
} from './publish-options.js';

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
  const engine = openEngine(deps);
  try {
    const destinations = await resolveDestinations(raw, deps.environment, (name) =>
      engine.openTarget(name),
    );
    return await broadcastTo(engine, destinations, options, deps, printer);
  } finally {
    await engine.close();
  }
}

async function broadcastTo(
  engine: Engine,
  destinations: readonly DestinationTarget[],
  options: PublishOptions,
  deps: CliDependencies,
  printer: Printer,
): Promise<CommandResult> {
  for (const { streamKey, watchUrl } of destinations) {
    // The name of a stream that is watched on this machine is no secret, and is in its link.
    if (watchUrl === undefined) printer.addSecret(streamKey);
  }
  const source = engine.openSource(options.source, options.encoding);
  // What is wrong with it shows without the network; else a server that is down would hide it.
  await source.prepare();
  for (const note of source.status.notes ?? []) printer.notice(note);
  const { t } = printer.messages;
  printer.say(t('cli.publish.begins', { urls: destinations.map((d) => d.serverUrl).join(', ') }));
  for (const { watchUrl } of destinations) {
    if (watchUrl !== undefined) printer.say(t('cli.publish.watchAt', { url: watchUrl }));
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
  if (options.traceTo === undefined) {
    return runBroadcast(engine, wanted, deps.interrupted, printer);
  }
  const file = await TraceFile.open(options.traceTo);
  const several = destinations.length > 1;
  const trace: RtmpTrace = (message, name) => file.write(message, several ? name : undefined);
  try {
    return await runBroadcast(engine, { ...wanted, trace }, deps.interrupted, printer);
  } finally {
    const missing = await file.close(printer.messages);
    if (missing !== undefined) printer.say(missing);
  }
}
