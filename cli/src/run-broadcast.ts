import { everyRecording, exitCodes, replaySaves } from '@tallylight/contract';
import {
  summarize,
  toErrorInfo,
  type BroadcastSummary,
  type Engine,
  type StartBroadcast,
} from '@tallylight/engine';
import { BroadcastReporter } from './broadcast-reporter.js';
import type { CommandResult } from './cli-dependencies.js';
import { closingLines, failuresOf, isWhole, recordingLines, replayLine } from './closing-lines.js';
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

export interface BroadcastRun {
  readonly interrupted: AbortSignal;
  readonly printer: Printer;
  /** Whether media is sent as it is. */
  readonly isCopy?: boolean;
  /** Whether everything that happens has a line of its own, for programs. */
  readonly tellsEvents?: boolean | undefined;
  /**
   * Begins to change the broadcast while it runs.
   *
   * @param onRetry is to be called with the id of a destination before it is tried again.
   */
  readonly control?:
    ((broadcast: Broadcast, onRetry: (id: string) => void) => { close(): void }) | undefined;
}

type Broadcast = Awaited<ReturnType<Engine['startBroadcast']>>;

/** Runs a broadcast to its end, or until `interrupted`, and tells how it goes. */
export async function runBroadcast(
  engine: Engine,
  wanted: StartBroadcast,
  { interrupted, printer, isCopy = false, tellsEvents = false, control }: BroadcastRun,
): Promise<BroadcastResult> {
  const isControlled = control !== undefined;
  const reporter = new BroadcastReporter(printer, { isCopy, tellsEvents, isControlled });
  const broadcast = await engine.startBroadcast({
    ...wanted,
    onSnapshot: (snapshot) => reporter.update(snapshot),
  });
  const stop = (): void => {
    broadcast.stop().catch((error: unknown) => reporter.tellError(toErrorInfo(error)));
  };
  interrupted.addEventListener('abort', stop, { once: true });
  const controlling = control?.(broadcast, (id) => reporter.retried(id));
  try {
    if (interrupted.aborted) stop();
    const last = await broadcast.run();
    reporter.update(last);
    const summary = summarize(last);
    const failures = last.error ? [last.error] : failuresOf(summary);
    for (const failure of failures) reporter.tellError(failure);
    const how = failures.length > 0 ? 'failed' : 'done';
    const { messages } = printer;
    const kept = [
      ...everyRecording(last).flatMap((each) => recordingLines(each, messages)),
      ...replaySaves(last).map((each) => replayLine(each, messages)),
    ];
    for (const line of [...closingLines(summary, messages, how), ...kept]) printer.say(line);
    const [error] = failures;
    const isPartly = !last.error && summary.destinations.some(isWhole);
    return {
      summary,
      ...(error && { error }),
      ...(error && isPartly && { exitCode: exitCodes.partly }),
    };
  } finally {
    controlling?.close();
    interrupted.removeEventListener('abort', stop);
  }
}
