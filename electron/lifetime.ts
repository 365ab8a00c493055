import type { Engine, Logger } from '@tallylight/engine';
import type { WindowMessages } from '@tallylight/messages/window';
import type { WindowService } from '@tallylight/engine/window';
import { app, type BrowserWindow } from 'electron';
import { confirmEnd, loadMainPage } from './main-window.js';
import { setApplicationMenu } from './menu.js';
import type { RunningBroadcast } from './running-broadcast.js';

/** A window that crashes again within this time is not opened once more. */
const crashIntervalMs = 30_000;

interface Parts {
  readonly engine: Engine;
  readonly windows: WindowService;
  readonly broadcast: RunningBroadcast;
  readonly logger: Logger;
  /** What is said, in the language that is set now. */
  readonly messages: () => WindowMessages;
}

/** Window, broadcast and program end together; the window sees how the broadcast ends. */
export function endTogether(
  window: BrowserWindow,
  { engine, windows, broadcast, logger, messages }: Parts,
): void {
  let ending: Promise<void> | undefined;
  // Both have a deadline of 8 s, so this always comes to its end.
  const end = (exitCode = 0): void => {
    ending ??= Promise.all([windows.close(), engine.close()])
      .then(() => undefined)
      .catch((error: unknown) => logger.error({ err: error }, 'the engine did not close cleanly'))
      .finally(() => {
        window.destroy();
        app.exit(exitCode);
      });
  };
  const endIfAllowed = (): void => {
    if (!broadcast.isRunning) {
      end();
      return;
    }
    confirmEnd(window, broadcast.isOnlyRecorded ? 'recording' : 'broadcast', messages()).then(
      (confirmed) => {
        if (confirmed) end();
      },
      (error: unknown) => logger.error({ err: error }, 'the question could not be asked'),
    );
  };
  setApplicationMenu(endIfAllowed, messages());
  window.on('close', (event) => {
    event.preventDefault();
    endIfAllowed();
  });
  // A signal, a system that shuts down, a program that drives us: none of them waits for an answer.
  app.on('before-quit', (event) => {
    event.preventDefault();
    end();
  });

  let crashedAt = -Infinity;
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (ending) return;
    logger.error({ reason }, 'the window crashed');
    const again = performance.now() - crashedAt < crashIntervalMs;
    crashedAt = performance.now();
    if (again) {
      end(1);
      return;
    }
    loadMainPage(window).catch((error: unknown) => {
      logger.error({ err: error }, 'the window could not be loaded again');
      end(1);
    });
  });
}
