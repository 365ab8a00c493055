import { appError, reason } from '@tallylight/contract';
import { openDataFolder } from '@tallylight/engine';
import { createWindowService } from '@tallylight/engine/window';
import { aborted } from 'node-rtmp-client/async';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CliDependencies } from '../cli-dependencies.js';
import { openEngine } from '../open-engine.js';
import { parsePort } from '../option-values.js';
import type { Printer } from '../printer.js';
import { openAppWindow, type AppWindow } from './app-window.js';
import { findFolderOpener } from './folder-opener.js';
import { findInstalledBrowser, whyNoWindow } from './installed-browser.js';
import { StudioServer } from './studio-server.js';

export interface StudioOptions {
  readonly port: string;
  readonly open: boolean;
  readonly metrics?: boolean;
  /** Where the window is instead of where the build leaves it. */
  readonly window?: string;
  /** Why `npm start` runs it in place of the desktop app. */
  readonly withoutElectron?: keyof typeof whyNoElectron;
  readonly json?: boolean;
}

const whyNoElectron = {
  asked: 'cli.studio.electron.asked',
  'no-display': 'cli.studio.noDisplay',
  root: 'cli.studio.electron.root',
  'not-installed': 'cli.studio.electron.notInstalled',
  unreachable: 'cli.studio.electron.unreachable',
  'not-fetched': 'cli.studio.electron.notFetched',
  libraries: 'cli.studio.electron.libraries',
} as const;

/** What `npm run build` leaves; as far from the sources as from the compiled code. */
const builtWindow = fileURLToPath(new URL('../../../out/renderer/', import.meta.url));

export const runStudio = (options: StudioOptions, deps: CliDependencies): Promise<void> =>
  deps.run({ json: options.json === true, emptySummary: { durationMs: 0 } }, (printer) =>
    studio(options, deps, printer),
  );

async function studio(options: StudioOptions, deps: CliDependencies, printer: Printer) {
  const { t } = printer.messages;
  if (options.withoutElectron !== undefined) {
    const why = t(whyNoElectron[options.withoutElectron]);
    printer.say(t('cli.studio.notElectron', { why }));
  }
  const port = parsePort('--port', options.port);
  const windowDirectory = options.window ?? builtWindow;
  if (!existsSync(join(windowDirectory, 'index.html'))) {
    throw appError('INVALID_OPTION', {
      reason: reason('window-not-built'),
    });
  }
  // Said here and now, and not by a window that cannot save.
  await openDataFolder(deps.dataDirectory());
  const startedAt = performance.now();
  const engine = openEngine(deps, { metrics: options.metrics === true });
  const { environment } = deps;
  const windows = createWindowService(engine, { showInFolder: findFolderOpener({ environment }) });
  let server: StudioServer | undefined;
  let window: AppWindow | undefined;
  try {
    server = await StudioServer.start({ windows, windowDirectory, port });
    const isWanted = !deps.interrupted.aborted;
    if (isWanted) announce(options, deps, printer, server.url);
    if (options.open && isWanted) {
      window = openWindow(deps, printer, server.url, join(deps.dataDirectory(), 'browser'));
    }
    await ended(deps.interrupted, window, printer);
  } finally {
    // The window stays until then, so that it sees how the broadcast ends.
    await Promise.all([windows.close(), engine.close()])
      .finally(() => window?.close())
      .finally(() => server?.close());
  }
  return { summary: { durationMs: Math.round(performance.now() - startedAt) } };
}

function announce(options: StudioOptions, deps: CliDependencies, printer: Printer, url: string) {
  if (options.json === true) {
    deps.stdout.write(`${JSON.stringify({ type: 'ready', url })}\n`);
    return;
  }
  printer.say(printer.messages.t('cli.studio.ready'));
  deps.stdout.write(`${url}\n`);
}

function openWindow(
  deps: CliDependencies,
  printer: Printer,
  url: string,
  profileDirectory: string,
): AppWindow | undefined {
  const { t } = printer.messages;
  const why = whyNoWindow(process.platform, deps.environment, process.getuid?.());
  const browser = findInstalledBrowser(process.platform, deps.environment);
  if (why !== undefined || browser === undefined) {
    printer.say(t('cli.studio.notOpened', { why: t(`cli.studio.${why ?? 'noBrowser'}`) }));
    return undefined;
  }
  return openAppWindow(browser, url, profileDirectory);
}

/** Resolves at a signal, or when the user closes the window that we opened. */
async function ended(
  interrupted: AbortSignal,
  window: AppWindow | undefined,
  printer: Printer,
): Promise<void> {
  const signal = aborted(interrupted);
  const failure = await Promise.race([signal, ...(window ? [window.closed] : [])]);
  if (!failure) return;
  const { t } = printer.messages;
  const why =
    typeof failure === 'number' ? t('cli.studio.windowExited', { code: failure }) : failure.message;
  printer.say(t('cli.studio.windowFailed', { why }));
  await signal;
}
