import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { serializeAmf0, type AmfValue } from 'node-rtmp-client';
import { FrameCounter } from './frame-counter.js';

// node play-many.js PORT APP NAME COUNT [FRAME-MS]: players that throw away what they get, and cost as little as can be.
// On SIGTERM they wait until nothing more comes, and print how much it was; with the time between two frames, they also
// count the frames, and those that are missing.
const [port = '', app = '', name = '', count = '', frameMs = ''] = process.argv.slice(2);
const quietMs = 500;
const retryMs = 50;

const command = (streamId: number, ...values: AmfValue[]): Buffer => {
  const body = Buffer.concat(values.map((value) => serializeAmf0([value])));
  const header = Buffer.alloc(12);
  header[0] = 3;
  header.writeUIntBE(body.length, 4, 3);
  header[7] = 20;
  header.writeUInt32LE(streamId, 8);
  return Buffer.concat([header, body]);
};
const setChunkSize = Buffer.from([2, 0, 0, 0, 0, 0, 4, 1, 0, 0, 0, 0, 0, 0, 16, 0]);
const tcUrl = `rtmp://127.0.0.1:${port}/${app}`;
// All at once: each server reads it in its own time, and numbers the first stream of a connection 1.
const request = Buffer.concat([
  Buffer.from([3]),
  Buffer.alloc(1536 * 2),
  setChunkSize,
  command(0, 'connect', 1, { app, tcUrl, flashVer: 'bench' }),
  command(0, 'createStream', 2, null),
  command(1, 'play', 3, null, name),
]);

let bytes = 0;
let lastBytes = performance.now();
let stopping = false;

/** Of each player that was let in. */
const counters = new Set<FrameCounter>();

/** Comes again when it is turned away: the publisher may not be there yet. */
async function play(): Promise<void> {
  while (!stopping) {
    const socket: Socket = connect(Number(port), '127.0.0.1');
    socket.on('error', () => undefined);
    let received = 0;
    const counter = frameMs === '' ? undefined : new FrameCounter(Number(frameMs));
    socket.on('data', (data: Buffer) => {
      received += data.length;
      bytes += data.length;
      lastBytes = performance.now();
      counter?.push(data);
      if (counter !== undefined && counter.frames > 0) counters.add(counter);
      // A refusal is a few words, and some servers leave the connection open.
      if (received < 8192 && data.includes('NetStream.Play.StreamNotFound')) socket.destroy();
    });
    socket.write(request);
    await once(socket, 'close');
    await delay(retryMs);
  }
}

process.once('SIGTERM', () => {
  stopping = true;
  setInterval(() => {
    if (performance.now() - lastBytes < quietMs) return;
    const all = [...counters];
    const newest = Math.max(...all.map((each) => each.newest));
    const told = {
      megabytes: bytes / 1e6,
      players: all.length,
      frames: all.reduce((sum, each) => sum + each.frames, 0),
      missing: all.reduce((sum, each) => sum + each.missing, 0),
      behind: all.filter((each) => each.newest < newest).length,
    };
    process.stdout.write(`${JSON.stringify(told)}\n`, () => process.exit(0));
  }, 100);
});
for (let i = 0; i < Number(count); i++) void play();
