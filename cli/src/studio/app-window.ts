import { within } from 'node-rtmp-client/async';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** A browser window without tabs that shows the studio. */
export interface AppWindow {
  /** Settles when the window was closed, or its browser failed: with the error, or its exit code. */
  readonly closed: Promise<Error | number | undefined>;
  close(): Promise<void>;
}

/**
 * Opens the link in a browser of its own, whose profile is apart from the user's: so its end is the window's end, and a
 * window that is covered or minimised goes on capturing.
 */
export function openAppWindow(browser: string, url: string, profileDirectory: string): AppWindow {
  const child = spawn(
    browser,
    [
      `--app=${url}`,
      `--user-data-dir=${profileDirectory}`,
      '--window-size=1280,800',
      '--no-first-run',
      '--no-default-browser-check',
      '--disable-background-timer-throttling',
      '--disable-backgrounding-occluded-windows',
      '--disable-renderer-backgrounding',
    ],
    { stdio: 'ignore' },
  );
  const closed = ended(child);
  return {
    closed,
    close: async () => {
      child.kill('SIGTERM');
      if ((await within(closed, 3000)) !== 'late') return;
      child.kill('SIGKILL');
      await closed;
    },
  };
}

async function ended(child: ChildProcess): Promise<Error | number | undefined> {
  try {
    const [code] = (await once(child, 'exit')) as [number | null];
    return code === null || code === 0 ? undefined : code;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
