const exitCodes: Partial<Record<NodeJS.Signals, number>> = {
  SIGINT: 130,
  SIGTERM: 143,
  SIGHUP: 129,
};

/** npm passes a Ctrl+C on that the terminal has sent us already: what comes this soon is the same wish. */
const sameWishMs = 300;

/**
 * The first SIGINT, SIGTERM or SIGHUP aborts the returned signal, so that everything can close in order; a second one
 * ends the process at once, with the exit code shells give for that signal.
 */
export function interruptSignal(
  target: NodeJS.Process,
  onFirst: (signal: NodeJS.Signals) => void,
): AbortSignal {
  const controller = new AbortController();
  let isSecondWish = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (controller.signal.aborted) {
      if (isSecondWish) target.exit(exitCodes[signal] ?? 130);
      return;
    }
    // By the turns of the event loop and not by the clock: where it is busy, a signal that came at once is heard late,
    // but before what was set for later.
    setTimeout(() => setImmediate(() => (isSecondWish = true)).unref(), sameWishMs).unref();
    onFirst(signal);
    controller.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    // A library under the settings store (when-exit) listens too, and sends each signal again. What it would clean up
    // it also cleans up when the process exits.
    target.removeAllListeners(signal).on(signal, stop);
  }
  return controller.signal;
}
