import type { FrameAccount } from '@tallylight/contract';
import { FramesBetween } from '@tallylight/frame-grid';

/** More accounts than ever wait for their frames: an encoder that gives none for so long is taken to have stopped. */
const maxWaiting = 100;

/**
 * Counts what MediaRecorder leaves out and does not tell: what its file lacks of what the camera gave.
 *
 * An account is compared with the frames up to its time, once a later one has come. What is encoded late, as on a busy
 * machine, is not lost.
 */
export class LeftOutFrames {
  readonly #between = new FramesBetween();
  /** Accounts of a time that no frame has reached, oldest first. */
  #waiting: FrameAccount[] = [];
  #encoded = 0;
  #lost = 0;

  /** The window's account, with what the encoder has left out as far as it is known. */
  complete(told: FrameAccount): FrameAccount {
    this.#waiting = [...this.#waiting, told].slice(-maxWaiting);
    return this.#withLost(told);
  }

  /**
   * The newest account after the next frame of the file.
   *
   * @param pts its time from the beginning, in microseconds.
   */
  frame(newest: FrameAccount, pts: number): FrameAccount {
    let [account] = this.#waiting;
    while (account && account.elapsedMs * 1000 <= pts) {
      this.#lost = this.#between.count(account.offered, this.#encoded);
      this.#waiting.shift();
      [account] = this.#waiting;
    }
    this.#encoded += 1;
    return this.#withLost(newest);
  }

  #withLost = (account: FrameAccount): FrameAccount => ({
    ...account,
    lost: { ...account.lost, encoder: this.#lost },
  });
}
