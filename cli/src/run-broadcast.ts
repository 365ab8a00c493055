import type { AppErrorInfo } from '@tallylight/contract';
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
    const error = last.error ?? failureOf(summary);
    if (error) reporter.tellError(error);
    else sayEnd(summary, printer);
    return { summary, ...(error && { error }) };
  } finally {
    interrupted.removeEventListener('abort', stop);
  }
}

/** One of several destinations that failed, or the recording: not all that was asked for was done. */
const failureOf = ({ destinations, recording }: BroadcastSummary): AppErrorInfo | undefined =>
  destinations.find(({ state }) => state === 'failed')?.lastError ?? recording?.lastError;

function sayEnd({ durationMs, video, recording }: BroadcastSummary, printer: Printer): void {
  const { t } = printer.messages;
  printer.say(t('cli.publish.done', { time: formatDuration(durationMs), count: video.frames }));
  if (recording) printer.say(t('cli.publish.recordedTo', { path: recording.path }));
}
