/**
 * As much of the `electron` module as main.ts uses, without the binary. It records what it is told and lets a test play
 * the part of the system.
 */
import { EventEmitter } from 'node:events';
import {
  MessageChannel as NodeMessageChannel,
  type MessagePort as NodePort,
} from 'node:worker_threads';

/** Where the stand-in's folders are; a test sets it before it imports main.ts. */
export const folders = { app: '', userData: '' };

/** Everything that main.ts asked the system for. */
export const calls = {
  opened: [] as string[],
  shown: [] as string[],
  messageBoxes: 0,
  messageBoxAnswer: 0,
  exits: [] as number[],
  powerSaveBlockers: new Set<number>(),
};

class StandInApp extends EventEmitter {
  readonly isPackaged = false;
  sandboxEnabled = false;
  enableSandbox = (): void => {
    this.sandboxEnabled = true;
  };
  requestSingleInstanceLock = (): boolean => true;
  whenReady = (): Promise<void> => Promise.resolve();
  getAppPath = (): string => folders.app;
  getPath = (): string => folders.userData;
  readonly commandLine = { hasSwitch: (): boolean => false };
  getAppMetrics = (): { pid: number }[] => [{ pid: process.pid }];
  getVersion = (): string => '0.0.0-test';
  getPreferredSystemLanguages = (): string[] => ['en-GB'];
  exit = (code: number): void => {
    calls.exits.push(code);
    this.emit('stand-in-exit');
  };
  quit = (): void => {
    this.emit('before-quit', cancellable());
  };
}

export const app = new StandInApp();

/** An event that a listener may cancel. */
export function cancellable(fields: object = {}): { defaultPrevented: boolean } {
  const event = { ...fields, defaultPrevented: false };
  return Object.assign(event, {
    preventDefault: () => {
      event.defaultPrevented = true;
    },
  });
}

type Handler = (...parameters: never[]) => unknown;

class StandInSession {
  requestHandler: Handler | undefined;
  checkHandler: Handler | undefined;
  deviceHandler: Handler | undefined;
  readonly protocolHandlers = new Map<string, (request: Request) => Promise<Response>>();
  readonly protocol = {
    handle: (scheme: string, handler: (request: Request) => Promise<Response>) =>
      void this.protocolHandlers.set(scheme, handler),
  };
  setPermissionRequestHandler = (handler: Handler): void => void (this.requestHandler = handler);
  setPermissionCheckHandler = (handler: Handler): void => void (this.checkHandler = handler);
  setDevicePermissionHandler = (handler: Handler): void => void (this.deviceHandler = handler);
}

export const session = { defaultSession: new StandInSession() };

export class StandInContents extends EventEmitter {
  readonly mainFrame = { url: '' };
  windowOpenHandler: ((details: { url: string }) => { action: string }) | undefined;
  setWindowOpenHandler = (handler: (details: { url: string }) => { action: string }): void => {
    this.windowOpenHandler = handler;
  };
}

export class BrowserWindow extends EventEmitter {
  static readonly all: BrowserWindow[] = [];
  readonly webContents = new StandInContents();
  destroyed = false;
  readonly options: Record<string, unknown>;

  constructor(options: Record<string, unknown>) {
    super();
    this.options = options;
    BrowserWindow.all.push(this);
    app.emit('web-contents-created', {}, this.webContents);
  }

  loadURL(url: string): Promise<void> {
    this.webContents.mainFrame.url = url;
    app.emit('stand-in-loaded', this);
    return Promise.resolve();
  }

  show(): void {
    this.emit('show');
  }

  focus(): void {
    this.emit('focus');
  }

  restore(): void {
    this.emit('restore');
  }

  isMinimized(): boolean {
    return true;
  }

  destroy(): void {
    this.destroyed = true;
  }
}

/** A MessagePortMain: an EventEmitter whose messages come as `{data}`, and only after `start()`. */
class StandInPort extends EventEmitter {
  readonly #port: NodePort;

  constructor(port: NodePort) {
    super();
    this.#port = port;
    port.on('close', () => this.emit('close'));
  }

  postMessage(data: unknown): void {
    this.#port.postMessage(data);
  }

  start(): void {
    this.#port.on('message', (data: unknown) => this.emit('message', { data }));
  }

  close(): void {
    this.#port.close();
  }
}

/** A port for the window's side, and the MessagePortMain that the main process gets. */
export function connectedPorts(): { window: MessagePort; main: StandInPort } {
  const { port1, port2 } = new NodeMessageChannel();
  return { window: port1 as unknown as MessagePort, main: new StandInPort(port2) };
}

export const ipcMain = new EventEmitter();

interface PrivilegedScheme {
  readonly scheme: string;
  readonly privileges: Record<string, boolean>;
}

export const privilegedSchemes: PrivilegedScheme[] = [];

export const protocol = {
  registerSchemesAsPrivileged: (schemes: PrivilegedScheme[]): void => {
    privilegedSchemes.push(...schemes);
  },
};

export const shell = {
  openExternal: (url: string): Promise<void> => {
    calls.opened.push(url);
    return Promise.resolve();
  },
  showItemInFolder: (path: string): void => void calls.shown.push(path),
};

export const dialog = {
  showMessageBox: (): Promise<{ response: number }> => {
    calls.messageBoxes += 1;
    return Promise.resolve({ response: calls.messageBoxAnswer });
  },
  showErrorBox: (title: string, text: string): void => {
    throw new Error(`${title}: ${text}`);
  },
};

export const Menu = {
  applicationMenu: undefined as unknown,
  setApplicationMenu: (menu: unknown): void => void (Menu.applicationMenu = menu),
  buildFromTemplate: (template: unknown): unknown => template,
};

let lastBlocker = 0;

export const powerSaveBlocker = {
  start: (): number => {
    lastBlocker += 1;
    calls.powerSaveBlockers.add(lastBlocker);
    return lastBlocker;
  },
  stop: (id: number): void => void calls.powerSaveBlockers.delete(id),
};

export const systemPreferences = {
  askForMediaAccess: (): Promise<boolean> => Promise.resolve(true),
};

/** A Linux desktop without a secret store, as on a machine that runs tests. */
export const safeStorage = {
  backend: 'basic_text',
  getSelectedStorageBackend: (): string => safeStorage.backend,
  isAsyncEncryptionAvailable: (): Promise<boolean> => Promise.resolve(true),
  encryptStringAsync: (text: string): Promise<Buffer> =>
    Promise.resolve(Buffer.from([...Buffer.from(text)].map((byte) => byte ^ 0x5a))),
  decryptStringAsync: (bytes: Buffer): Promise<{ result: string; shouldReEncrypt: boolean }> =>
    Promise.resolve({
      result: Buffer.from([...bytes].map((byte) => byte ^ 0x5a)).toString(),
      shouldReEncrypt: false,
    }),
};
