import type { ClientStream } from './client-stream.js';

/** The streams of a connection that have been opened and not left. */
export class ClientStreams {
  readonly #all = new Set<ClientStream>();
  readonly #byId = new Map<number, ClientStream>();

  add(stream: ClientStream): void {
    this.#all.add(stream);
  }

  /** From now on `stream` has an id. */
  adopt(stream: ClientStream): void {
    this.#byId.set(stream.id, stream);
  }

  /** Some servers speak of a stream as stream 0; where there is only one they can mean no other. */
  of(streamId: number): ClientStream | undefined {
    if (streamId !== 0 || this.#byId.size !== 1) return this.#byId.get(streamId);
    const [only] = this.#byId.values();
    return only;
  }

  delete(stream: ClientStream): void {
    this.#all.delete(stream);
    if (this.#byId.get(stream.id) === stream) this.#byId.delete(stream.id);
  }

  leaveAll(): void {
    for (const stream of this.#all) stream.leave();
    this.#all.clear();
    this.#byId.clear();
  }
}
