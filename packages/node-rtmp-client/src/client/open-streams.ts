import type { ShownAddress } from '../address/rtmp-address.js';
import type { ClientSessionEvent } from '../session/client-event.js';
import type { RtmpError } from '../session/rtmp-error.js';
import { closedFromHere, endedByServer, locatedError, streamError } from './located-error.js';
import type { OpenStream } from './open-stream.js';

/** What a client publishes and plays over one connection: tells each stream what the session says of it. */
export class OpenStreams {
  readonly #streams = new Map<OpenStream['stream'], OpenStream>();
  readonly #shown: ShownAddress;

  constructor(shown: ShownAddress) {
    this.#shown = shown;
  }

  add(open: OpenStream): void {
    this.#streams.set(open.stream, open);
  }

  /** What the session says of it no longer matters. */
  forget(open: OpenStream): void {
    this.#streams.delete(open.stream);
  }

  tell(event: ClientSessionEvent): void {
    switch (event.type) {
      case 'item':
        this.#streams.get(event.stream)?.push(event.item);
        return;
      case 'stream-started':
        this.#streams.get(event.stream)?.start();
        return;
      case 'stream-changed':
        this.#streams.get(event.stream)?.change(event.change);
        return;
      case 'stream-ended': {
        const open = this.#streams.get(event.stream);
        this.#streams.delete(event.stream);
        open?.end(event.error && locatedError(event.error, this.#shown), endedByServer());
        return;
      }
      default:
    }
  }

  /** @param error why the connection has ended; undefined when it was closed from here. */
  endAll(error: RtmpError | undefined): void {
    for (const open of this.#streams.values()) {
      open.end(error && streamError(error, open.stream, open.isUnplayed), closedFromHere());
    }
    this.#streams.clear();
  }
}
