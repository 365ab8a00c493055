import { type WindowMessages } from '@tallylight/messages/window';
import { BrowserWindow, dialog } from 'electron';
import { appUrl } from './app-origin.js';

export interface MainWindowOptions {
  /** The built preload script. */
  readonly preload: string;
  /** Where the system takes a window's picture from the window itself. */
  readonly icon?: string;
  readonly developerTools: boolean;
}

export function createMainWindow({
  preload,
  icon,
  developerTools,
}: MainWindowOptions): BrowserWindow {
  const window = new BrowserWindow({
    title: 'Tallylight',
    width: 1280,
    height: 800,
    minWidth: 900,
    minHeight: 640,
    show: false,
    backgroundColor: '#0e1014',
    ...(icon !== undefined && { icon }),
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: developerTools,
      // A minimised window would capture at one frame a second (electron/electron#31016).
      backgroundThrottling: false,
    },
  });
  window.once('ready-to-show', () => window.show());
  return window;
}

/** Opens the page. Its failures are the caller's. */
export async function loadMainPage(window: BrowserWindow): Promise<void> {
  await window.loadURL(appUrl);
}

/** True when the user would rather end what runs than keep the window. */
export async function confirmEnd(
  window: BrowserWindow,
  what: 'broadcast' | 'recording',
  { t }: WindowMessages,
): Promise<boolean> {
  const isRecording = what === 'recording';
  const { response } = await dialog.showMessageBox(window, {
    type: 'warning',
    message: t(isRecording ? 'window.closing.recordingTitle' : 'window.closing.title'),
    detail: t(isRecording ? 'window.closing.recordingText' : 'window.closing.text'),
    buttons: [
      t(isRecording ? 'window.closing.keepRecording' : 'window.closing.keep'),
      t(isRecording ? 'window.closing.endRecording' : 'window.closing.end'),
    ],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  });
  return response === 1;
}
