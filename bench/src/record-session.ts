import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { FlvDemuxer } from 'node-rtmp-client';
import { startMeasured } from './measured-process.js';
import { readFile } from './read-file.js';
import { contestant } from './servers.js';

/** Keeps what our client sends to the server on `port` when it publishes `flv`: everything, from the handshake on. */
export async function recordSession(flv: string, port: number, recording: string): Promise<void> {
  let recorded: Promise<void> | undefined;
  const proxy = createServer((client) => {
    const server = connect(port, '127.0.0.1');
    // Who has said all that there is to say may break off; the recording is complete by then, or its pipeline fails.
    for (const socket of [client, server]) socket.on('error', () => undefined);
    server.pipe(client);
    client.pipe(server);
    recorded = pipeline(client, createWriteStream(recording));
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const url = `rtmp://127.0.0.1:${(proxy.address() as AddressInfo).port}/live`;
  await startMeasured(process.execPath, [contestant('publish-with-client'), flv, url, 'recorded'])
    .ended;
  await recorded;
  proxy.close();
}

/** Stores how long each message is that carries a packet of `flv`, 32 bits each. */
export async function storeMessageSizes(flv: string, file: string): Promise<void> {
  const demuxer = new FlvDemuxer();
  const sizes: number[] = [];
  for (const bytes of readFile(flv, () => Infinity)) {
    for (const item of demuxer.push(bytes)) {
      // A chunk's header of eight bytes, and what goes before the payload in the message.
      if (item.type !== 'packet') continue;
      sizes.push(8 + (item.packet.track === 'video' ? 5 : 2) + item.packet.payload.length);
    }
  }
  await writeFile(file, Uint32Array.from(sizes));
}
