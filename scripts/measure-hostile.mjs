// Measures what hostile connections cost `tallylight serve`, with its own limits, in a process of its own:
//   npm run build && npx tsc -p packages/node-rtmp-client/fuzz && node scripts/measure-hostile.mjs [--inputs N]
// Exits with 1 when a frame is missing, or something is not shed. Linux only: memory is read from /proc.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { clearInterval, setInterval } from 'node:timers';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { parseRtmpUrl, play, publish } from '../packages/node-rtmp-client/dist/index.js';

const fuzz = '../packages/node-rtmp-client/fuzz/dist';
const { formatTargets } = await import(`${fuzz}/fuzz/format-targets.js`);
const { sessionTargets } = await import(`${fuzz}/fuzz/session-targets.js`);
const { makeInput } = await import(`${fuzz}/fuzz/judge.js`);
const { Random } = await import(`${fuzz}/fuzz/random.js`);
const { SessionWire } = await import(`${fuzz}/test/support/session-wire.js`);

const { values } = parseArgs({ options: { inputs: { type: 'string', default: '5000' } } });
const frameBytes = 100_000;
const deadlineMs = 120_000;

const server = spawn(
  process.execPath,
  ['cli/bin/tallylight.js', 'serve', '--rtmp', '127.0.0.1:0', '--http', '127.0.0.1:0', '--json'],
  { stdio: ['ignore', 'pipe', 'ignore'] },
);
process.on('exit', () => server.kill('SIGKILL'));
const [line] = await once(createInterface(server.stdout), 'line');
const urls = JSON.parse(line);
const ports = { rtmp: Number(new URL(urls.rtmp).port), http: Number(new URL(urls.http).port) };

const address = parseRtmpUrl(`rtmp://127.0.0.1:${ports.rtmp}/live`, { withKey: false });
const publisher = await publish({ address, streamKey: 'one' });
const config =
  '0164001fffe1001a6764001facd9405005bb0110000003001000000303 20f183196001000668ebe3cb22c0';
const packet = (type, keyframe, ms, payload) => ({
  ...{ track: 'video', codec: 'h264', type, keyframe, payload },
  ...{ pts: ms * 1000, dts: ms * 1000 },
});
await publisher.write(packet('config', true, 0, Buffer.from(config.replace(' ', ''), 'hex')));
let frames = 0;
const ticker = setInterval(() => {
  const payload = Buffer.alloc(frameBytes);
  payload.writeUInt32BE(frameBytes - 4);
  payload[4] = frames % 25 === 0 ? 0x65 : 0x41;
  payload.writeUInt32BE(frames, 8);
  void publisher.write(packet('frame', frames % 25 === 0, frames * 40, payload));
  frames += 1;
}, 40);
let received = 0;
let missing = 0;
const player = await play({ address, streamKey: 'one' });
const reading = (async () => {
  let next;
  for await (const item of player) {
    if (item.type !== 'packet' || item.packet.type !== 'frame') continue;
    const number = Buffer.from(item.packet.payload).readUInt32BE(8);
    missing += next === undefined ? 0 : number - next;
    next = number + 1;
    received += 1;
  }
})();

const mebibytes = (name) =>
  Math.round(
    Number(
      new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))[1],
    ) / 1024,
  );
const openFiles = async () =>
  (await import('node:fs/promises')).readdir(`/proc/${server.pid}/fd`).then((all) => all.length);
const failures = [];

async function phase(name, act) {
  const [framesBefore, from] = [received, performance.now()];
  let most = 0;
  const watch = setInterval(() => (most = Math.max(most, mebibytes('VmRSS'))), 200);
  const told = await act();
  clearInterval(watch);
  const seconds = ((performance.now() - from) / 1000).toFixed(1);
  console.log(
    `${name}: ${told}; ${seconds} s, at most ${most} MiB, player got ${received - framesBefore} frames, ${missing} missing`,
  );
  if (missing > 0) failures.push(name);
}

/** Resolves when no more than `count` files are open in the server, connections included. */
async function untilOpen(name, count) {
  const from = performance.now();
  while ((await openFiles()) > count) {
    if (performance.now() - from > deadlineMs) {
      failures.push(name);
      return `NOT SHED after ${deadlineMs / 1000} s`;
    }
    await delay(100);
  }
  return `shed after ${((performance.now() - from) / 1000).toFixed(1)} s`;
}

async function open(port, bytes, sockets) {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(bytes, 'latin1');
  sockets.push(socket);
  return socket;
}

function says(role, streamKey) {
  const pieces = [];
  const cutUp = (bytes) => (pieces.push(bytes), [bytes]);
  new SessionWire({ role, streamKey, cutUp }).run();
  return Buffer.concat(pieces);
}
const ask = (path, headers = '') => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n`;
const upgrade =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';

await delay(15_000);
const quiet = await openFiles();
await phase('nobody else', () => delay(10_000).then(() => 'as it is'));

/** The newest one, so that it is there to be asked for. */
async function newestSegment() {
  const playlist = await (await globalThis.fetch(`${urls.http}live/one/video.m3u8`)).text();
  return `/live/one/${playlist.match(/video-\d+\.m4s/g).at(-1)}`;
}

for (const [name, port, bytes, count] of [
  ['RTMP', ports.rtmp, says('play', 'one'), 20],
  ['HTTP-FLV', ports.http, ask('/live/one.flv'), 20],
  ['WebSocket-FLV', ports.http, ask('/live/one.flv', upgrade), 20],
  ['HLS segments, 4 in a row', ports.http, 'segments', 20],
]) {
  await phase(`${count} stuck players, ${name}`, async () => {
    const sockets = [];
    const asks = bytes === 'segments' ? ask(await newestSegment()).repeat(4) : bytes;
    for (let i = 0; i < count; i += 1) (await open(port, asks, sockets)).pause();
    const told = await untilOpen(name, quiet);
    for (const socket of sockets) socket.destroy();
    return told;
  });
}

for (const [name, port, bytes] of [
  ['RTMP', ports.rtmp, ''],
  ['RTMP, half a handshake', ports.rtmp, `\x03${'\0'.repeat(800)}`],
  ['HTTP', ports.http, ''],
  ['HTTP, half a head', ports.http, 'GET / HTTP/1.1\r\nHost: x'],
  ['WebSocket, half a head', ports.http, ask('/live/one.flv', upgrade).slice(0, -2)],
]) {
  await phase(`500 half-open connections, ${name}`, async () => {
    const sockets = [];
    for (let i = 0; i < 500; i += 1) (await open(port, bytes, sockets)).resume();
    const told = await untilOpen(name, quiet);
    for (const socket of sockets) socket.destroy();
    return told;
  });
}

await phase('inputs of the fuzzer', async () => {
  const targets = [...formatTargets, ...sessionTargets];
  const handshake = Buffer.concat([Buffer.of(3), Buffer.alloc(2 * 1536)]);
  const starts = [Buffer.alloc(0), handshake, says('publish', 'fuzzed'), says('play', 'one')];
  const inputs = Number(values.inputs);
  for (let seed = 1; seed <= inputs; seed += 1) {
    const target = targets[seed % targets.length];
    const port = seed % 5 === 0 ? ports.http : ports.rtmp;
    const socket = connect(port, '127.0.0.1')
      .on('error', () => undefined)
      .resume();
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.end(Buffer.concat([starts[seed % 4], makeInput(target, new Random(seed))]));
    await Promise.race([closed, delay(30_000)]);
    if (!socket.destroyed) failures.push(`input ${seed}`);
  }
  return `${inputs} sent; ${await untilOpen('fuzz', quiet)}`;
});

clearInterval(ticker);
await publisher.close();
await reading;
console.log(`most memory of the whole run: ${mebibytes('VmHWM')} MiB`);
server.kill('SIGINT');
await once(server, 'exit');
console.log(failures.length === 0 ? 'nothing failed' : `FAILED: ${failures.join(', ')}`);
process.exitCode = failures.length === 0 ? 0 : 1;
