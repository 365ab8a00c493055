import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { parseAmf0, RtmpServer, type AmfObject, type AmfValue } from 'node-rtmp-client';
import { rawChunks } from '../../packages/node-rtmp-client/test/conformance/raw-chunks.js';

/** What a client said that it wants: the strings as they were on the wire. */
export interface Told {
  readonly app: string;
  readonly tcUrl: string;
  readonly command: 'publish' | 'play';
  readonly stream: string;
}

export interface RecordingRtmpServer {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  /** `localhost:PORT`, with TLS. */
  readonly tlsHost: string | undefined;
  /** `[::1]:PORT`; undefined where this machine has no IPv6. */
  readonly v6: string | undefined;
  /** Takes out what was told so far. */
  readonly take: () => Told[];
  readonly close: () => Promise<void>;
}

/** A server of ours that takes every stream, behind a tap that reads what clients say with other code. */
export async function startRecordingRtmpServer(tls?: {
  readonly cert: string;
  readonly key: string;
}): Promise<RecordingRtmpServer> {
  const told: Told[] = [];
  const server = new RtmpServer({ onPublish: (ingest) => ingest.accept(() => undefined) });
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
  const tap = (client: Socket): void => {
    const upstream = connect({ host: '127.0.0.1', port });
    const listen = new Tap((what) => told.push(what));
    client.on('data', (bytes: Buffer) => listen.push(bytes));
    client.pipe(upstream).pipe(client);
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  };
  const plain = createServer(tap);
  const overV6 = createServer(tap);
  const overTls = tls && createTlsServer(tls, tap);
  const v6 = await listening(overV6, '::1').catch(() => undefined);
  return {
    host: `127.0.0.1:${await listening(plain, '127.0.0.1')}`,
    tlsHost: overTls && `localhost:${await listening(overTls, '127.0.0.1')}`,
    v6: v6 === undefined ? undefined : `[::1]:${v6}`,
    take: () => told.splice(0),
    close: async () => {
      await server.close();
      for (const each of [plain, overV6, ...(overTls ? [overTls] : [])]) each.close();
    },
  };
}

async function listening(server: Server, host: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, host, resolve);
  });
  return (server.address() as AddressInfo).port;
}

/** C0, C1 and C2. */
const handshakeBytes = 1 + 2 * 1536;

/** Reads what a client says until it has said what it wants. */
class Tap {
  readonly #tell: (told: Told) => void;
  #bytes = Buffer.alloc(0);
  #done = false;

  constructor(tell: (told: Told) => void) {
    this.#tell = tell;
  }

  push(bytes: Buffer): void {
    if (this.#done) return;
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    const told = toldBy(this.#bytes.subarray(handshakeBytes));
    if (told === undefined) return;
    this.#done = true;
    this.#tell(told);
  }
}

/** Reads it all again each time: the bytes may end anywhere. */
function toldBy(bytes: Buffer): Told | undefined {
  let connected: AmfObject = {};
  for (const payload of commands(bytes)) {
    const [command, , object, name] = parseAmf0(payload);
    if (command === 'connect') connected = object as AmfObject;
    if (command !== 'publish' && command !== 'play') continue;
    const { app, tcUrl } = connected;
    return { app: text(app), tcUrl: text(tcUrl), command, stream: text(name) };
  }
  return undefined;
}

function commands(bytes: Buffer): Buffer[] {
  const unfinished = new Map<number, Buffer>();
  const whole: Buffer[] = [];
  try {
    for (const { chunkStreamId, typeId, length, data } of rawChunks(bytes)) {
      const payload = Buffer.concat([unfinished.get(chunkStreamId) ?? Buffer.alloc(0), data]);
      unfinished.set(chunkStreamId, payload);
      if (payload.length < length) continue;
      unfinished.delete(chunkStreamId);
      if (typeId === 20) whole.push(payload);
    }
  } catch (error) {
    // The rest of a header is still on its way.
    if (!(error instanceof RangeError)) throw error;
  }
  return whole;
}

const text = (value: AmfValue): string => (typeof value === 'string' ? value : '');
