import { closeSync, openSync, readSync } from 'node:fs';

/** Bytes that every contestant written for Node reads from the file at a time. */
const readSize = 1024 * 1024;
const buffers = 3;

/**
 * The bytes of a file, for contestants written for Node: all of them read it in this way, so that what differs is what
 * they do with it. Synchronously, as ffmpeg does: handing each piece to another thread and back is a tenth of all cost, and
 * nobody's work here. A few buffers are used in turn.
 *
 * @param bytesQueued how much of the bytes somebody still holds on to, the newest ones.
 */
export function* readFile(file: string, bytesQueued: () => number): Generator<Buffer> {
  const descriptor = openSync(file, 'r');
  try {
    const ring: Buffer[] = [];
    for (let i = 0; ; i = (i + 1) % buffers) {
      // What is queued, or a tag that has begun, lies in the buffers before this one, unless it is more than one holds;
      // no tag is.
      const mayReuse = bytesQueued() < readSize;
      const buffer = (mayReuse ? ring[i] : undefined) ?? Buffer.allocUnsafeSlow(readSize);
      ring[i] = buffer;
      const bytesRead = readSync(descriptor, buffer, 0, readSize, null);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    closeSync(descriptor);
  }
}
