import { EventEmitter } from 'node:events';
import { LiveStream, type StreamInfo } from './live-stream.js';

/** Streams that may be live at a time. */
const maxStreams = 64;

interface StreamEvents {
  published: [StreamInfo];
  ended: [StreamInfo];
}

/** Every stream that is live now, by application and name; one publisher each. */
export class StreamHub extends EventEmitter<StreamEvents> {
  readonly #streams = new Map<string, LiveStream>();

  get full(): boolean {
    return this.#streams.size >= maxStreams;
  }

  list(): StreamInfo[] {
    return [...this.#streams.values()].map((stream) => stream.info);
  }

  find(app: string, name: string): LiveStream | undefined {
    return this.#streams.get(streamKey(app, name));
  }

  /** Makes the stream live; `undefined` when somebody already publishes it. */
  open(app: string, name: string): LiveStream | undefined {
    const key = streamKey(app, name);
    if (this.#streams.has(key)) return undefined;
    const stream = new LiveStream(app, name);
    this.#streams.set(key, stream);
    this.emit('published', stream.info);
    return stream;
  }

  close(stream: LiveStream): void {
    if (!this.#streams.delete(streamKey(stream.app, stream.name))) return;
    stream.end();
    this.emit('ended', stream.info);
  }

  closeAll(): void {
    for (const stream of [...this.#streams.values()]) this.close(stream);
  }
}

/** As JSON, so that no two pairs of names share a key. */
const streamKey = (app: string, name: string): string => JSON.stringify([app, name]);
