import type { Socket } from 'node:net';

/** Answers to pings and the like may queue up to this while a peer sends and does not read. */
const maxQueuedBytes = 4 * 1024 * 1024;

const pacedPollMs = 20;

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

  /**
   * Holds up a peer that asks and does not read the answers, until it has read them.
   *
   * @param pacedBytes what waits for its turn before it comes to the socket.
   */
  holdWhileBehind(pacedBytes: () => number = () => 0): void {
    const socket = this.#socket;
    const isBehind = (): boolean => socket.writableLength + pacedBytes() > maxQueuedBytes;
    if (this.#behind || !isBehind()) return;
    this.#behind = true;
    this.hold();
    const resume = (): void => {
      // Nothing tells when a pacer has caught up.
      if (isBehind() && !socket.destroyed) {
        setTimeout(resume, pacedPollMs);
        return;
      }
      this.#behind = false;
      this.release();
    };
    if (socket.writableNeedDrain) socket.once('drain', resume);
    else resume();
  }
}
