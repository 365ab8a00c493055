import type { RtmpIngest } from 'node-rtmp-client';
import { payloadBytes } from './statistics/traffic.js';

/** What one publisher may send. */
export interface PublishLimits {
  /** Bits a second, as an average. */
  readonly bitsPerSecond?: number | undefined;
  readonly milliseconds?: number | undefined;
}

export type OverLimit = 'tooFast' | 'tooLong';

/** So much of what may be sent can come at once, as after a network that stood still. Seconds. */
const burstSeconds = 10;

/** A publisher that is told, once, when it sends more or longer than it may. */
export function withPublishLimits(
  ingest: RtmpIngest,
  { bitsPerSecond, milliseconds }: PublishLimits,
  onOver: (why: OverLimit) => void,
): RtmpIngest {
  const allowance = bitsPerSecond === undefined ? undefined : new Allowance(bitsPerSecond / 8);
  let isOver = false;
  const over = (why: OverLimit): void => {
    if (isOver) return;
    isOver = true;
    onOver(why);
  };
  return {
    ...ingest,
    accept: (onItem) => {
      if (milliseconds !== undefined) {
        const timer = setTimeout(() => over('tooLong'), milliseconds);
        void ingest.closed.then(() => clearTimeout(timer));
      }
      ingest.accept(
        onItem &&
          ((item) => {
            if (allowance?.exceeds(payloadBytes(item), performance.now())) over('tooFast');
            if (!isOver) onItem(item);
          }),
      );
    },
  };
}

/** What may come, gathered over time. */
export class Allowance {
  readonly #bytesPerSecond: number;
  #bytes: number;
  #at: number | undefined;

  constructor(bytesPerSecond: number) {
    this.#bytesPerSecond = bytesPerSecond;
    this.#bytes = bytesPerSecond * burstSeconds;
  }

  /** Counts what has come; true when it is more than may. @param now milliseconds. */
  exceeds(bytes: number, now: number): boolean {
    const gathered = this.#bytes + ((now - (this.#at ?? now)) / 1000) * this.#bytesPerSecond;
    this.#bytes = Math.min(gathered, this.#bytesPerSecond * burstSeconds) - bytes;
    this.#at = now;
    return this.#bytes < 0;
  }
}
