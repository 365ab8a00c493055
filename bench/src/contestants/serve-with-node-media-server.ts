import { createRequire } from 'node:module';
import { join } from 'node:path';

// node serve-with-node-media-server.js PORT FOLDER: as it comes, but for where it listens and keeps its files.
interface NodeMediaServer {
  run(): Promise<void>;
}
type Constructor = new (options: object) => NodeMediaServer;

const [port = '', folder = ''] = process.argv.slice(2);
const Server = createRequire(import.meta.url)('node-media-server') as Constructor;
await new Server({
  bind: '127.0.0.1',
  rtmp: { port: Number(port) },
  store: { path: join(folder, 'data') },
}).run();
