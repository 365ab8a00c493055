import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** When one publisher came through, in milliseconds since the epoch. */
export interface RelayedTimes {
  readonly connectedAt: number;
  publishedAt?: number;
  firstMediaAt?: number;
}

export interface RtmpRelay {
  readonly port: number;
  /** Of each connection so far, oldest first. */
  readonly times: readonly RelayedTimes[];
  close(): Promise<void>;
}

const accepted = Buffer.from('NetStream.Publish.Start');

/** Passes bytes on to an RTMP server and notes when a stream is accepted, and when its first bytes come after that. */
export async function startRtmpRelay(serverPort: number): Promise<RtmpRelay> {
  const times: RelayedTimes[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(serverPort, '127.0.0.1');
    const record: RelayedTimes = { connectedAt: Date.now() };
    times.push(record);
    client.on('data', () => {
      if (record.publishedAt !== undefined) record.firstMediaAt ??= Date.now();
    });
    upstream.on('data', (data: Buffer) => {
      if (data.includes(accepted)) record.publishedAt ??= Date.now();
    });
    client.pipe(upstream).pipe(client);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      // Whatever ends one ends both; why is for the ends of the connection to say.
      socket.on('error', () => undefined);
      socket.on('close', () => {
        client.destroy();
        upstream.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    times,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}
