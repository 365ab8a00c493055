import { ipcMain, type IpcMainEvent, type MessagePortMain, type WebContents } from 'electron';
import { isAppUrl } from './app-origin.js';
import { connectChannel } from './channels.js';

/** A window's connection to the engine. */
export interface WindowPorts {
  readonly rpc: MessagePortMain;
  readonly channel: MessagePortMain;
}

export interface ConnectHandlers {
  /** Says whether these contents belong to one of our windows. */
  isOurs(sender: WebContents): boolean;
  connect(ports: WindowPorts): void;
  /** @param reason for the log. */
  refused(reason: string): void;
}

/**
 * Hands over the ports that a window asks for. The only raw IPC in the main process: whatever a sender may say later, it
 * says through ports that were given out here, so this is where senders are checked.
 */
export function handleConnections(handlers: ConnectHandlers): void {
  ipcMain.on(connectChannel, (event) => {
    const reason = whyRefused(event, handlers);
    const [rpc, channel, ...more] = event.ports;
    if (reason === undefined && rpc && channel && more.length === 0) {
      handlers.connect({ rpc, channel });
      return;
    }
    for (const port of event.ports) port.close();
    handlers.refused(reason ?? 'ports missing');
  });
}

function whyRefused(event: IpcMainEvent, handlers: ConnectHandlers): string | undefined {
  const frame = event.senderFrame;
  if (!frame) return 'frame gone';
  if (!handlers.isOurs(event.sender)) return 'foreign window';
  if (frame !== event.sender.mainFrame) return 'nested frame';
  if (!isAppUrl(frame.url)) return 'foreign origin';
  return undefined;
}
