import { exitCodes, type AppErrorInfo } from '@tallylight/contract';
import {
  summarize,
  toErrorInfo,
  type BroadcastSummary,
  type Engine,
  type StartBroadcast,
} from '@tallylight/engine';
import { BroadcastReporter, formatDuration } from './broadcast-reporter.js';
import type { CommandResult } from './cli-dependencies.js';
import type { Printer } from './printer.js';

/** The summary of a broadcast that never began. */
export const emptyBroadcastSummary: BroadcastSummary = {
  durationMs: 0,
  onAirMs: 0,
  video: { frames: 0, keyframes: 0, droppedFrames: 0, bytes: 0 },
  audio: { frames: 0, bytes: 0 },
  destinations: [],
};

interface BroadcastResult extends CommandResult {
  readonly summary: BroadcastSummary;
}

/** Runs a broadcast to its end, or until `interrupted`, and tells how it goes. */
export async function runBroadcast(
  engine: Engine,
  wanted: StartBroadcast,
  interrupted: AbortSignal,
  printer: Printer,
): Promise<BroadcastResult> {
  const reporter = new BroadcastReporter(printer);
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
    const failures = last.error ? [last.error] : failuresOf(summary);
    for (const failure of failures) reporter.tellError(failure);
    sayEnd(summary, failures.length > 0 ? 'ended' : 'done', printer);
    const [error] = failures;
    const isPartly = !last.error && summary.destinations.some(({ state }) => state !== 'failed');
    return {
      summary,
      ...(error && { error }),
      ...(error && isPartly && { exitCode: exitCodes.partly }),
    };
  } finally {
    interrupted.removeEventListener('abort', stop);
  }
}

/** What was asked for and was not done, though the broadcast came to its end. */
function failuresOf({ destinations, recording }: BroadcastSummary): AppErrorInfo[] {
  return [...destinations.filter(({ state }) => state === 'failed'), recording]
    .map((output) => output?.lastError)
    .filter((error) => error !== undefined);
}

function sayEnd(summary: BroadcastSummary, how: 'done' | 'ended', printer: Printer): void {
  const { onAirMs, video, destinations, recording } = summary;
  const { t, error: sentences } = printer.messages;
  // What never came on air has nothing to tell but its failure.
  if (how === 'ended' && onAirMs === 0) return;
  printer.say(t(`cli.publish.${how}`, { time: formatDuration(onAirMs), count: video.frames }));
  for (const { name, state, lastError, framesSent, framesDropped } of destinations) {
    if (destinations.length === 1) break;
    if (state === 'failed' && lastError) {
      printer.say(`  ✗ ${name}: ${sentences(lastError).message}`);
    } else {
      const figures = { name, count: framesSent, dropped: framesDropped };
      printer.say(`  ✓ ${t('cli.publish.sentTo', figures)}`);
    }
  }
  if (!recording) return;
  const { path, lastError } = recording;
  if (lastError) printer.say(`  ✗ ${sentences(lastError).message}`);
  else printer.say(t('cli.publish.recordedTo', { path }));
}
