import { open } from 'node:fs/promises';

/** Bytes that every contestant written for Node reads from the file at a time. */
const readSize = 1024 * 1024;
const buffers = 3;

/**
 * The bytes of a file, for contestants written for Node: all of them read it in this way, so that what differs is what
 * they do with it. A few buffers are used in turn; `mayReuse` says that nobody holds on to what was read into them.
 */
export async function* readFile(file: string, mayReuse: () => boolean): AsyncGenerator<Buffer> {
  const handle = await open(file);
  try {
    const ring: Buffer[] = [];
    for (let i = 0; ; i = (i + 1) % buffers) {
      if (ring[i] === undefined || !mayReuse()) ring[i] = Buffer.allocUnsafeSlow(readSize);
      const { bytesRead, buffer } = await handle.read(ring[i] ?? Buffer.alloc(0), 0, readSize);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}
