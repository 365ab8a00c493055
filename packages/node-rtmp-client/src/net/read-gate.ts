import type { Socket } from 'node:net';

/** Answers to pings and the like may queue up to this while a peer sends and does not read. */
const maxQueuedBytes = 4 * 1024 * 1024;

/** Reading from a socket, which rests as long as anybody holds it up. */
export class ReadGate {
  readonly #socket: Socket;
  #holds = 0;
  #behind = false;
  #timer: NodeJS.Timeout | undefined;

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

  /** Nothing is read meanwhile, so that one such rest follows the other. */
  holdFor(ms: number): void {
    this.hold();
    this.#timer = setTimeout(() => this.release(), ms);
  }

  /** To be called when the connection has ended. */
  stop(): void {
    clearTimeout(this.#timer);
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
