import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { connectChannel } from './channels.js';

// All that the window gets from Electron: two ports to the engine, at its asking, and where a file is that somebody has
// given it.
contextBridge.exposeInMainWorld('tallylight', {
  shell: 'electron',
  pathOf: (file: File): string => webUtils.getPathForFile(file),
  requestPorts(nonce: unknown): void {
    if (typeof nonce !== 'string' || nonce.length > 128) throw new TypeError('not a nonce');
    const rpc = new MessageChannel();
    const channel = new MessageChannel();
    ipcRenderer.postMessage(connectChannel, undefined, [rpc.port2, channel.port2]);
    // Ports cannot cross the context bridge; a message of the window to itself takes them. The nonce tells the page
    // that it is the answer to its own call.
    window.postMessage({ type: 'tallylight-ports', nonce }, window.location.origin, [
      rpc.port1,
      channel.port1,
    ]);
  },
});
