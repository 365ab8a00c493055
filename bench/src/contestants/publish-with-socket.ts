import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { readFile } from '../read-file.js';

// node publish-with-socket.js RECORDING HOST PORT BYTES|SIZES-FILE: writes recorded bytes to a socket, nothing else.
// The least that a Node program can do to send them: what another costs beyond this is the price of RTMP.
const [recording = '', host = '', port = '', sizes = ''] = process.argv.slice(2);
const nextSize = writeSizes(sizes);
const socket = connect({ host, port: Number(port), noDelay: true });
socket.resume();
await once(socket, 'connect');
for (const bytes of readFile(recording, () => socket.writableLength)) {
  let at = 0;
  while (at < bytes.length) {
    const size = nextSize();
    socket.write(bytes.subarray(at, at + size));
    at += size;
    if (socket.writableLength > 64 * 1024) await once(socket, 'drain');
  }
}
socket.end();
await once(socket, 'close');

/** A number is the size of each write; else the file with the sizes of the messages, 32 bits each. */
function writeSizes(argument: string): () => number {
  const fixed = Number(argument);
  if (!Number.isNaN(fixed)) return () => fixed;
  const stored = readFileSync(argument);
  const list = new Uint32Array(stored.buffer, stored.byteOffset, stored.length / 4);
  let next = 0;
  return () => list[next++] ?? 64 * 1024;
}
