import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { parseRtmpUrl, publish, type RtmpPublisher } from 'node-rtmp-client';
import { createLogger } from '../../src/logger.js';
import {
  BuiltInServer,
  type BuiltInServerAddresses,
  type BuiltInServerOptions,
} from '../../src/server/built-in-server.js';
import { videoConfig, videoFrame } from './packets.js';

const any = { host: '127.0.0.1', port: 0 };

/** A built-in server with a stream `live/one`, and what is done to it. */
export class ServerUnderAttack {
  readonly server: BuiltInServer;
  readonly addresses: BuiltInServerAddresses;
  readonly publisher: RtmpPublisher;
  /** Frames that were published. */
  frames = 0;
  readonly #sockets = new Set<Socket>();

  private constructor(
    server: BuiltInServer,
    addresses: BuiltInServerAddresses,
    publisher: RtmpPublisher,
  ) {
    this.server = server;
    this.addresses = addresses;
    this.publisher = publisher;
  }

  static async start(
    options: Omit<BuiltInServerOptions, 'logger'> = {},
  ): Promise<ServerUnderAttack> {
    const server = new BuiltInServer({ logger: createLogger({ level: 'silent' }), ...options });
    const addresses = await server.start({ rtmp: any, http: any });
    const scheme = options.tls ? 'rtmps' : 'rtmp';
    const address = parseRtmpUrl(`${scheme}://localhost:${addresses.rtmp.port}/live`, {
      withKey: false,
    });
    const publisher = await publish({
      ...{ address, streamKey: 'one' },
      ...(options.tls && { tls: { ca: options.tls.cert } }),
    });
    await publisher.write(videoConfig(0));
    return new ServerUnderAttack(server, addresses, publisher);
  }

  /** Publishes a frame of 25 a second with its number; a keyframe each second. */
  async frame(bytes = 200): Promise<void> {
    const frame = videoFrame(this.frames * 40, this.frames % 25 === 0, bytes);
    Buffer.from(frame.payload.buffer, frame.payload.byteOffset).writeUInt32BE(
      this.frames,
      bytes - 4,
    );
    this.frames += 1;
    await this.publisher.write(frame);
  }

  /** A connection that is closed with all others in the end. */
  async open(side: 'rtmp' | 'http'): Promise<Socket> {
    const socket = connect(this.addresses[side].port, '127.0.0.1');
    this.#sockets.add(socket.on('error', () => undefined));
    await once(socket, 'connect');
    return socket;
  }

  /** All that is answered to these bytes, until the server ends the connection. */
  async exchange(bytes: string): Promise<string> {
    const socket = await this.open('http');
    const pieces: Buffer[] = [];
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('data', (data: Buffer) => pieces.push(data)).write(bytes, 'latin1');
    await closed;
    this.#sockets.delete(socket);
    return Buffer.concat(pieces).toString('latin1');
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.publisher.abort();
    await this.server.close();
  }
}

/** A request, which ends the connection. */
export const request = (path: string, headers: readonly string[] = [], method = 'GET'): string =>
  [`${method} ${path} HTTP/1.1`, 'Host: localhost', 'Connection: close', ...headers, '', ''].join(
    '\r\n',
  );
