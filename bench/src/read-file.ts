import { open } from 'node:fs/promises';

/** Bytes that every contestant written for Node reads from the file at a time. */
const readSize = 1024 * 1024;
const buffers = 3;

/**
 * The bytes of a file, for contestants written for Node: all of them read it in this way, so that what differs is what
 * they do with it. A few buffers are used in turn.
 *
 * @param bytesQueued how much of the bytes somebody still holds on to, the newest ones.
 */
export async function* readFile(file: string, bytesQueued: () => number): AsyncGenerator<Buffer> {
  const handle = await open(file);
  try {
    const ring: Buffer[] = [];
    for (let i = 0; ; i = (i + 1) % buffers) {
      // What is queued lies in the buffers before this one, unless it is more than one of them holds.
      const mayReuse = bytesQueued() < readSize;
      const buffer = (mayReuse ? ring[i] : undefined) ?? Buffer.allocUnsafeSlow(readSize);
      ring[i] = buffer;
      const { bytesRead } = await handle.read(buffer, 0, readSize);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}
