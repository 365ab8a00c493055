import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface TestProxy {
  readonly port: number;
  /** What it was asked to connect to. */
  readonly targets: readonly string[];
  readonly stop: () => Promise<void>;
}

interface ProxyRules {
  /** "user:password"; nobody else is let through. */
  readonly only?: string;
  /** Answers every request with this instead: a reply of SOCKS5, a status of HTTP. */
  readonly answer?: number;
}

/** A small SOCKS5 proxy, RFC 1928 and RFC 1929; it resolves every name to 127.0.0.1. */
export function startSocks5Proxy(rules: ProxyRules = {}): Promise<TestProxy> {
  return start(async (client, read, targets) => {
    const [, count = 0] = await read(2);
    const methods = [...(await read(count))];
    const method = rules.only === undefined ? 0 : 2;
    if (!methods.includes(method)) {
      client.end(Uint8Array.of(5, 0xff));
      return undefined;
    }
    client.write(Uint8Array.of(5, method));
    if (method === 2) {
      const [, userLength = 0] = await read(2);
      const user = (await read(userLength)).toString();
      const [passwordLength = 0] = await read(1);
      const password = (await read(passwordLength)).toString();
      const isRight = `${user}:${password}` === rules.only;
      client.write(Uint8Array.of(1, isRight ? 0 : 1));
      if (!isRight) return undefined;
    }
    const [, , , type] = await read(4);
    const [length = 0] = type === 3 ? await read(1) : [type === 1 ? 4 : 16];
    const address = await read(length);
    const port = (await read(2)).readUInt16BE(0);
    const host = type === 1 ? address.join('.') : type === 3 ? address.toString() : ipv6(address);
    targets.push(`${host} ${port}`);
    // In small pieces, and with a name for the address, as nobody expects; curl wants ten bytes at least.
    const reply = Uint8Array.of(5, rules.answer ?? 0, 0, 3, 3, 0x61, 0x62, 0x63, 0, 1);
    if (rules.answer !== undefined) {
      client.end(reply);
      return undefined;
    }
    return { port, accept: () => reply.forEach((byte) => client.write(Uint8Array.of(byte))) };
  });
}

/** A small HTTP proxy, RFC 9110 §9.3.6. */
export function startHttpProxy(rules: ProxyRules = {}): Promise<TestProxy> {
  return start(async (client, read, targets) => {
    let head = '';
    while (!head.endsWith('\r\n\r\n')) head += (await read(1)).toString('latin1');
    const [line = '', ...fields] = head.split('\r\n');
    const [method, target = ''] = line.split(' ');
    const expected = `Basic ${Buffer.from(rules.only ?? '').toString('base64')}`;
    const isLetIn = rules.only === undefined || fields.includes(`Proxy-Authorization: ${expected}`);
    const status = method !== 'CONNECT' ? 405 : isLetIn ? (rules.answer ?? 200) : 407;
    targets.push(target);
    if (status !== 200) {
      client.end(`HTTP/1.1 ${status} ${fields.join(' ')}\r\nContent-Length: 0\r\n\r\n`);
      return undefined;
    }
    return {
      port: Number(target.slice(target.lastIndexOf(':') + 1)),
      accept: () => client.write('HTTP/1.1 200 Connection established\r\nX: y\r\n\r\n'),
    };
  });
}

type Negotiate = (
  client: Socket,
  read: (length: number) => Promise<Buffer>,
  targets: string[],
) => Promise<{ readonly port: number; readonly accept: () => void } | undefined>;

async function start(negotiate: Negotiate): Promise<TestProxy> {
  const targets: string[] = [];
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
  };
  const server = createServer((client) => {
    keep(client);
    const reader = new Reader(client);
    void negotiate(client, (length) => reader.read(length), targets).then(
      (route) => {
        if (route === undefined) return;
        const upstream = connect(route.port, '127.0.0.1', () => {
          route.accept();
          upstream.write(reader.rest());
          client.pipe(upstream).pipe(client);
        });
        keep(upstream);
        upstream.on('close', () => client.destroy());
        client.on('close', () => upstream.destroy());
      },
      () => client.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    targets,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Reads exactly so much; before what follows is piped on, `rest` puts back what was read too far. */
class Reader {
  readonly #socket: Socket;
  #held = Buffer.alloc(0);
  #wake: () => void = () => undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', this.#onData).on('close', () => this.#wake());
  }

  async read(length: number): Promise<Buffer> {
    while (this.#held.length < length) {
      if (this.#socket.destroyed) throw new Error('it has left');
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    const taken = this.#held.subarray(0, length);
    this.#held = this.#held.subarray(length);
    return taken;
  }

  rest(): Buffer {
    this.#socket.off('data', this.#onData);
    return this.#held;
  }

  readonly #onData = (bytes: Buffer): void => {
    this.#held = Buffer.concat([this.#held, bytes]);
    this.#wake();
  };
}

const ipv6 = (address: Buffer): string =>
  Array.from({ length: 8 }, (_, i) => address.readUInt16BE(i * 2).toString(16)).join(':');
