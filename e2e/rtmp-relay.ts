import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { ByteQueue } from '../packages/node-rtmp-client/src/bytes/byte-queue.js';
import { ChunkReader } from '../packages/node-rtmp-client/src/chunk/chunk-reader.js';

/** When one publisher came through, in milliseconds since the epoch. */
export interface RelayedTimes {
  readonly connectedAt: number;
  publishedAt?: number;
  /** The first coded picture is there, whole. */
  firstPictureAt?: number;
}

export interface RtmpRelay {
  readonly port: number;
  /** Of each connection so far, oldest first. */
  readonly times: readonly RelayedTimes[];
  close(): Promise<void>;
}

const accepted = Buffer.from('NetStream.Publish.Start');

/** C0 and C1, then C2; RTMP 1.0 §5.2. */
const handshakeBytes = 1 + 2 * 1536;
const setChunkSize = 1;
const video = 9;

/** Calls `found` at the first picture in what a publisher sends. */
function watchForPicture(found: () => void): (data: Buffer) => void {
  const input = new ByteQueue();
  const reader = new ChunkReader(input);
  let left = handshakeBytes;
  return (data) => {
    const handshake = Math.min(left, data.length);
    left -= handshake;
    input.push(data.subarray(handshake));
    for (let message = reader.next(); message; message = reader.next()) {
      const { typeId, payload } = message;
      if (typeId === setChunkSize) reader.chunkSize = Buffer.from(payload).readUInt32BE();
      // FLV's AVCPacketType: 0 is the configuration, 1 a picture.
      if (typeId === video && payload[1] === 1) found();
    }
  };
}

/**
 * Passes bytes on to an RTMP server and notes when a stream is accepted, and when its first picture comes.
 *
 * @param port where it listens; a free one where absent.
 */
export async function startRtmpRelay(serverPort: number, port = 0): Promise<RtmpRelay> {
  const times: RelayedTimes[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(serverPort, '127.0.0.1');
    const record: RelayedTimes = { connectedAt: Date.now() };
    times.push(record);
    client.on(
      'data',
      watchForPicture(() => (record.firstPictureAt ??= Date.now())),
    );
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
  server.listen(port, '127.0.0.1');
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
