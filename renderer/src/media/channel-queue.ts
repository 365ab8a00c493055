import type { LaneMessage, MediaLaneWriter } from '@tallylight/contract';

/** Writes messages to the lane and knows how much of them it has not taken yet. */
export class LaneQueue {
  readonly #lane: MediaLaneWriter;
  readonly #onError: (error: unknown) => void;
  #pendingBytes = 0;

  constructor(lane: MediaLaneWriter, onError: (error: unknown) => void) {
    this.#lane = lane;
    this.#onError = onError;
  }

  /** Bytes of payload that wait for the lane. */
  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  /** Resolves when the message is on its way, or never will be. */
  async write(message: LaneMessage): Promise<void> {
    const bytes = 'payload' in message ? message.payload.byteLength : 0;
    this.#pendingBytes += bytes;
    try {
      await this.#lane.write(message);
    } catch (error) {
      this.#onError(error);
    } finally {
      this.#pendingBytes -= bytes;
    }
  }
}
