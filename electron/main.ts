import { windowCatalog, type WindowMessages } from '@tallylight/messages/window';
import { createMessages, matchLanguage } from '@tallylight/messages';
import { type LanguageSetting } from '@tallylight/contract';
import { createEngine, createLogger, type Logger } from '@tallylight/engine';
import { createWindowService } from '@tallylight/engine/window';
import { app, dialog, session, shell } from 'electron';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { registerAppScheme, serveApp } from './app-protocol.js';
import { handleConnections } from './ipc.js';
import { endTogether } from './lifetime.js';
import { createMainWindow, loadMainPage } from './main-window.js';
import { lockNavigation } from './navigation.js';
import { restrictPermissions } from './permissions.js';
import { openElectronSecretCipher } from './secrets.js';
import { RunningBroadcast } from './running-broadcast.js';
import { connectWindow } from './window-connection.js';

app.enableSandbox();
registerAppScheme();
app.on('web-contents-created', (_event, contents) => lockNavigation(contents));

if (app.requestSingleInstanceLock()) {
  const logger = openLog();
  // Not awaited at the top level: Electron gets ready only after this module has been evaluated.
  app
    .whenReady()
    .then(() => start(logger))
    .catch((error: unknown) => {
      logger.error({ err: error }, 'Tallylight could not start');
      dialog.showErrorBox(messagesIn('system').t('window.closing.notStarted'), String(error));
      app.exit(1);
    });
} else {
  // The instance that has the lock shows its window instead.
  app.quit();
}

/** A packaged program has no terminal: its log is a file that begins anew at each start. */
function openLog(): Logger {
  if (!app.isPackaged) return createLogger();
  const path = join(app.getPath('logs'), 'tallylight.log');
  const file = createWriteStream(path, { mode: 0o600 });
  // A disk that is full costs the log, not the broadcast.
  file.on('error', () => undefined);
  return createLogger({ destination: file });
}

async function start(logger: Logger): Promise<void> {
  const appPath = app.getAppPath();
  const dataDirectory = app.getPath('userData');
  restrictPermissions(session.defaultSession);
  serveApp(session.defaultSession, join(appPath, 'out', 'renderer'));

  const engine = createEngine({
    dataDirectory,
    version: app.getVersion(),
    shell: 'electron',
    logger,
    secretCipher: await openElectronSecretCipher(dataDirectory),
    bundledFfmpegDirectory: join(app.isPackaged ? process.resourcesPath : appPath, 'native-bin'),
    viewerDirectory: join(appPath, 'out', 'viewer'),
    videosDirectory: app.getPath('videos'),
    metrics: app.commandLine.hasSwitch('metrics'),
    otherProcesses: () => app.getAppMetrics().map(({ pid }) => pid),
  });
  const windows = createWindowService(engine, {
    showInFolder: (path) => shell.showItemInFolder(path),
  });
  const broadcast = new RunningBroadcast();
  const window = createMainWindow({
    preload: join(appPath, 'out', 'preload', 'preload.cjs'),
    developerTools: !app.isPackaged,
    ...(process.platform === 'linux' && { icon: join(appPath, 'assets', 'icon-512.png') }),
  });
  handleConnections({
    isOurs: (sender) => sender === window.webContents,
    connect: (ports) => {
      connectWindow(windows, ports, (state) => broadcast.follow(state)).catch((error: unknown) =>
        logger.error({ err: error }, 'the broadcast can no longer be followed'),
      );
    },
    refused: (reason) => logger.warn({ reason }, 'refused a connection'),
  });
  const messages = (): WindowMessages => messagesIn(engine.settings.get().language);
  endTogether(window, { engine, windows, broadcast, logger, messages });
  app.on('second-instance', () => {
    if (window.isMinimized()) window.restore();
    window.focus();
  });
  await loadMainPage(window);
}

function messagesIn(setting: LanguageSetting): WindowMessages {
  const wishes = setting === 'system' ? app.getPreferredSystemLanguages() : [setting];
  return createMessages(matchLanguage(wishes), windowCatalog);
}
