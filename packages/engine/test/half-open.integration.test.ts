import { once } from 'node:events';
import { get } from 'node:http';
import { get as getTls } from 'node:https';
import { connect, type Socket } from 'node:net';
import { parseRtmpUrl, play } from 'node-rtmp-client';
import { afterEach, expect, test } from 'vitest';
import { selfSigned } from '../../node-rtmp-client/test/support/certificate.js';
import { ServerUnderAttack } from './support/hostile-server.js';

const many = 500;
/** Fewer than come, so that both is seen: those that give way, and those whose time is over. */
const places = 300;
const limits = {
  rtmp: { maxConnections: places, settleMs: 1500 },
  http: { maxConnections: places, requestMs: 1500 },
};

let attacked: ServerUnderAttack | undefined;
const sockets = new Set<Socket>();
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  await attacked?.close();
  attacked = undefined;
});

const socketHead =
  'GET /live/one.flv HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n';
const clientHello = '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03';

test.each([
  { name: 'RTMP', side: 'rtmp', tls: false, sends: ['', '\x03', `\x03${'\0'.repeat(800)}`] },
  { name: 'RTMPS', side: 'rtmp', tls: true, sends: ['', '\x16', clientHello] },
  { name: 'HTTP', side: 'http', tls: false, sends: ['', 'GET', 'GET / HTTP/1.1\r\nHost: x'] },
  { name: 'HTTPS', side: 'http', tls: true, sends: ['', '\x16', clientHello] },
  { name: 'WebSocket', side: 'http', tls: false, sends: [socketHead] },
] as const)(
  '500 half-open connections of $name are shed, and meanwhile a stream is published and played',
  async ({ side, tls, sends }) => {
    const certificate = tls ? await selfSigned() : undefined;
    const pem = certificate && {
      cert: Buffer.from(certificate.cert),
      key: Buffer.from(certificate.key),
    };
    const options = { limits, ...(pem && { tls: pem }) };
    attacked = await ServerUnderAttack.start(options);
    const { addresses } = attacked;
    let closed = 0;
    const closings: Promise<unknown>[] = [];
    for (let count = 0; count < many; count += 1) {
      const socket = connect(addresses[side].port, '127.0.0.1');
      sockets.add(socket.on('error', () => undefined).resume());
      closings.push(new Promise((resolve) => socket.once('close', resolve)));
      socket.once('close', () => (closed += 1));
      socket.write(sends[count % sends.length] ?? '', 'latin1');
      if (count % 50 === 0) await once(socket, 'connect');
    }
    // Now those that are left hold every place.
    const address = parseRtmpUrl(
      `${tls ? 'rtmps' : 'rtmp'}://localhost:${addresses.rtmp.port}/live`,
      {
        withKey: false,
      },
    );
    const player = await play({
      ...{ address, streamKey: 'one' },
      ...(pem && { tls: { ca: pem.cert } }),
    });
    const total = 50;
    for (let count = 0; count < total; count += 1) await attacked.frame();
    const numbers: number[] = [];
    for await (const item of player) {
      if (item.type !== 'packet' || item.packet.type !== 'frame') continue;
      numbers.push(Buffer.from(item.packet.payload).readUInt32BE(item.packet.payload.length - 4));
      if (numbers.length === total) break;
    }
    expect(numbers).toEqual(Array.from({ length: total }, (_, number) => number));
    expect(await streams(addresses.http.port, pem?.cert)).toContain('"name":"one"');
    expect(closed).toBeGreaterThanOrEqual(many - places);

    await Promise.all(closings);
    // The publisher did nothing wrong.
    await attacked.frame();
    expect(attacked.server.streams()).toHaveLength(1);
  },
);

async function streams(port: number, ca: Buffer | undefined): Promise<string> {
  const scheme = ca ? 'https' : 'http';
  const url = `${scheme}://localhost:${port}/api/streams`;
  const request = ca ? getTls(url, { ca, agent: false }) : get(url, { agent: false });
  const [response] = (await once(request, 'response')) as [AsyncIterable<Buffer>];
  let text = '';
  for await (const piece of response) text += piece.toString();
  return text;
}
