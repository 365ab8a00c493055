import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { FlvFileWriter, type FlvItem, type LiveHub, type LiveStream } from 'node-rtmp-client';
import type { Logger } from '../logger.js';
import { openNewFile } from '../new-file.js';
import { hasCode } from '../system-error.js';
import { followStreams, observe, type ObservedItems } from './follow-streams.js';

/** Files that may have the same name, of streams that begin in the same second. */
const mostAlike = 100;

/** Writes every stream into a file of its own: `APP-STREAM-DATE-TIME.flv`, which can be played while it grows. */
export class StreamRecorder {
  readonly #folder: string;
  readonly #logger: Logger;
  readonly #running = new Set<Promise<void>>();
  readonly #unwatch: () => void;

  /** @param folder one that is there. */
  constructor(hub: LiveHub, folder: string, logger: Logger) {
    this.#folder = folder;
    this.#logger = logger;
    this.#unwatch = followStreams(hub, (stream) => {
      const running = this.#record(stream).finally(() => this.#running.delete(running));
      this.#running.add(running);
    });
  }

  /** Resolves when the files of streams that have ended are complete. */
  async close(): Promise<void> {
    this.#unwatch();
    await Promise.all(this.#running);
  }

  /** Never rejects: a disk that is full is no reason to end a stream. */
  async #record(stream: LiveStream): Promise<void> {
    const items = observe(stream);
    const { app } = stream;
    try {
      const begin = await untilFirstFrame(items);
      if (begin === undefined) return;
      const file = await openRecording(this.#folder, stream);
      try {
        const writer = new FlvFileWriter();
        await file.appendFile(Buffer.concat(writer.header()));
        for (let batch = begin; batch.length > 0; batch = await items.next())
          await file.appendFile(Buffer.concat(batch.flatMap((item) => writer.item(item))));
        for (const { position, bytes } of writer.finish())
          await file.write(bytes, 0, bytes.byteLength, position);
      } finally {
        await file.close();
      }
    } catch (error) {
      this.#logger.error({ app, error: String(error) }, 'a stream is not recorded');
    } finally {
      items.leave();
    }
  }
}

/** More than that without a single frame are a file all the same: no stream has so many headers. */
const mostHeaders = 1000;

/** What comes up to the first frame and with it; undefined where none comes: somebody has only tried the server. */
async function untilFirstFrame(items: ObservedItems): Promise<readonly FlvItem[] | undefined> {
  const begin: FlvItem[] = [];
  for (let batch = await items.next(); batch.length > 0; batch = await items.next()) {
    begin.push(...batch);
    if (batch.some(isFrame) || begin.length > mostHeaders) return begin;
  }
  return undefined;
}

const isFrame = (item: FlvItem): boolean => 'packet' in item && item.packet.type === 'frame';

async function openRecording(folder: string, { app, name }: LiveStream): Promise<FileHandle> {
  const time = new Date().toISOString().slice(0, 19).replace('T', '-').replaceAll(':', '');
  const base = `${safe(app)}-${safe(name)}-${time}`;
  for (let number = 1; ; number += 1) {
    try {
      return await openNewFile(join(folder, `${base}${number === 1 ? '' : `-${number}`}.flv`));
    } catch (error) {
      if (!hasCode(error, 'EEXIST') || number === mostAlike) throw error;
    }
  }
}

/** What every file system takes as a part of a name, and no path. */
const safe = (text: string): string =>
  text.replaceAll(/[^\p{L}\p{N}_-]+/gu, '_').slice(0, 60) || 'stream';
