import type { ChannelMessage, MediaChannelWriter } from '@tallylight/contract';

/** Writes messages to the channel and knows how much of them it has not taken yet. */
export class ChannelQueue {
  readonly #channel: MediaChannelWriter;
  readonly #onError: (error: unknown) => void;
  #pendingBytes = 0;

  constructor(channel: MediaChannelWriter, onError: (error: unknown) => void) {
    this.#channel = channel;
    this.#onError = onError;
  }

  /** Bytes of payload that wait for the channel. */
  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  /** Resolves when the message is on its way, or never will be. */
  async write(message: ChannelMessage): Promise<void> {
    const bytes = 'payload' in message ? message.payload.byteLength : 0;
    this.#pendingBytes += bytes;
    try {
      await this.#channel.write(message);
    } catch (error) {
      this.#onError(error);
    } finally {
      this.#pendingBytes -= bytes;
    }
  }
}
