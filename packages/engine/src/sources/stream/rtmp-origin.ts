import { AppError, appError, type AppErrorInfo } from '@tallylight/contract';
import { play, type FlvItem, type RtmpAddress, type RtmpPlayer } from 'node-rtmp-client';
import { wait, within } from 'node-rtmp-client/async';
import { firstRetryMs, RetryPauses } from '../../retry-pauses.js';
import type { StreamOrigin } from './stream-origin.js';

/** A server that sends nothing for so long is asked anew: not every one tells players of the next publisher. */
const silentMs = 15_000;

/** What is mended by somebody who publishes. */
const isPatient = ({ code }: AppErrorInfo): boolean =>
  code === 'STREAM_NOT_FOUND' || code === 'NO_MEDIA_RECEIVED';

export interface RtmpOriginOptions {
  /** What people call it; without a key. */
  readonly name: string;
  readonly address: RtmpAddress;
  readonly streamKey: string;
  /** Puts an error of the library into the catalogue. */
  readonly explain: (error: unknown) => AppError;
  /** Told why it has to wait, and again when that is another reason. */
  readonly onTrouble?: (error: AppErrorInfo) => void;
}

/** A stream that is pulled from a server. Once it has been there, it is tried for again for ever. */
export class RtmpOrigin implements StreamOrigin {
  readonly name: string;
  readonly droppedFrames = 0;
  readonly #o: RtmpOriginOptions;
  #wasThere = false;
  #triedAt = -Infinity;
  /** The code that was told last. */
  #told: string | undefined;

  constructor(options: RtmpOriginOptions) {
    this.name = options.name;
    this.#o = options;
  }

  /** @throws AppError as long as it was never there, but where it only waits for a publisher. */
  async *items(signal: AbortSignal): AsyncGenerator<FlvItem, void, undefined> {
    const isOver = (): boolean => signal.aborted;
    const pauses = new RetryPauses();
    while (!isOver()) {
      let hadFrame = false;
      // One that ends at once, again and again, is not asked without a pause either.
      await wait(Math.max(0, this.#triedAt + firstRetryMs - performance.now()), signal);
      this.#triedAt = performance.now();
      try {
        for await (const item of this.#play(signal)) {
          if ('packet' in item && item.packet.type === 'frame') {
            hadFrame = true;
            this.#wasThere = true;
            this.#told = undefined;
          }
          yield item;
        }
      } catch (thrown) {
        if (isOver()) return;
        const error = thrown instanceof AppError ? thrown : this.#o.explain(thrown);
        if (!this.#wasThere && !isPatient(error.info)) throw error;
        if (!hadFrame) this.#tell(error.info);
      }
      if (hadFrame) return;
      await wait(pauses.next(), signal);
    }
  }

  async *#play(signal: AbortSignal): AsyncGenerator<FlvItem, void, undefined> {
    const { address, streamKey } = this.#o;
    const player = await play({ address, streamKey, signal });
    const stop = (): void => player.abort();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    try {
      yield* this.#itemsOf(player);
    } finally {
      signal.removeEventListener('abort', stop);
      await player.close();
    }
    const lost = await player.closed;
    if (lost && !signal.aborted) throw lost;
  }

  async *#itemsOf(player: RtmpPlayer): AsyncGenerator<FlvItem, void, undefined> {
    const items = player[Symbol.asyncIterator]();
    for (;;) {
      const next = await within(items.next(), silentMs);
      if (next === 'late') {
        const { host } = this.#o.address;
        throw appError('NO_MEDIA_RECEIVED', { host, seconds: silentMs / 1000 });
      }
      if (next.done === true) return;
      yield next.value;
    }
  }

  #tell(error: AppErrorInfo): void {
    if (this.#told === error.code) return;
    this.#told = error.code;
    this.#o.onTrouble?.(error);
  }
}
