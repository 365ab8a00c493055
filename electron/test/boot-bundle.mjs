// Boots a built main process against the stand-in, from a folder that has nothing else: `node boot-bundle.mjs` there.
// Prints what the engine answers to a window's first call, then quits.
import { app, connectedPorts, folders, ipcMain } from 'electron';
import { once } from 'node:events';
import { join } from 'node:path';

folders.app = import.meta.dirname;
folders.userData = join(import.meta.dirname, 'data');
const loaded = once(app, 'stand-in-loaded');
await import('./out/main/main.js');
const [{ webContents: sender }] = await loaded;

const ports = [connectedPorts(), connectedPorts()];
ipcMain.emit('tallylight:connect', {
  sender,
  senderFrame: sender.mainFrame,
  ports: ports.map(({ main }) => main),
});
const [rpc] = ports.map(({ window }) => window);
rpc.postMessage(JSON.stringify({ i: '1', p: { u: '/system/info' } }));
const [answer] = await once(rpc, 'message');
const exit = once(app, 'stand-in-exit');
app.quit();
await exit;
process.stdout.write(String(answer), () => process.exit());
