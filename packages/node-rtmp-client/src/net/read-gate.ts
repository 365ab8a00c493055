import type { Socket } from 'node:net';

/** Answers to pings and the like may queue up to this while a peer sends and does not read. */
const maxQueuedBytes = 4 * 1024 * 1024;

/** Reading from a socket, which rests as long as anybody holds it up. */
export class ReadGate {
  readonly #socket: Socket;
  #holds = 0;
  #behind = false;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** True while nothing is read, so that a peer's silence means nothing. */
  get isHeld(): boolean {
    return this.#holds > 0;
  }

  hold(): void {
    this.#holds++;
    this.#socket.pause();
  }

  /** Once for each `hold`. */
  release(): void {
    this.#holds--;
    if (this.#holds === 0) this.#socket.resume();
  }

  /** Holds up a peer that asks and does not read the answers, until it has read them. */
  holdWhileBehind(): void {
    if (this.#behind || this.#socket.writableLength <= maxQueuedBytes) return;
    this.#behind = true;
    this.hold();
    this.#socket.once('drain', () => {
      this.#behind = false;
      this.release();
    });
  }
}
