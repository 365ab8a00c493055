import {
  destinationsOf,
  type BroadcastSnapshot,
  type DestinationStatus,
} from '@tallylight/contract';
import { loss } from './fake-failures.js';
import { fakeDestinationFigures } from './fake-figures.js';

/** In half seconds: what has happened by the time that the window is looked at. */
const length = 300;
const away = { from: 60, to: 100 };
const gapAt = 160;
const slow = { from: 200, to: 230 };

const gapMs = 20_000;

/** By how many milliseconds the clocks of the page are ahead of the true ones. */
let ahead = 0;

function putForward(milliseconds: number): void {
  if (ahead === 0) {
    for (const clock of [performance, Date]) {
      const now = clock.now.bind(clock);
      clock.now = () => now() + ahead;
    }
  }
  ahead += milliseconds;
}

/**
 * Minutes of a broadcast before it is looked at, made up in a moment: the first destination was lost and came back, the
 * second was too slow, and for a while no snapshot came.
 */
export class FakePast {
  readonly #isWanted: boolean;
  #tick: number;

  /** @param isWanted else there is none. */
  constructor(isWanted: boolean) {
    this.#isWanted = isWanted;
    this.#tick = isWanted ? 0 : length;
  }

  get isOver(): boolean {
    return this.#tick >= length;
  }

  /** Half a second of it; the window receives what was told of it. */
  async pass(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 0));
    putForward(this.#tick === gapAt ? gapMs : 500);
    this.#tick++;
  }

  /** What becomes of a snapshot that tells of good weather. */
  join(snapshot: BroadcastSnapshot): BroadcastSnapshot {
    if (!this.#isWanted || snapshot.state !== 'live') return snapshot;
    const [first, second] = destinationsOf(snapshot);
    return {
      ...snapshot,
      outputs: snapshot.outputs.map((output) => {
        if (output === first) return this.#lost(first);
        return output === second ? this.#slow(second) : output;
      }),
    };
  }

  #lost(status: DestinationStatus): DestinationStatus {
    const ticks = Math.min(Math.max(0, this.#tick - away.from), away.to - away.from);
    const framesMissed = ticks * 15;
    const isAway = ticks > 0 && this.#tick < away.to;
    return {
      ...status,
      framesMissed,
      framesSent: Math.max(0, status.framesSent - framesMissed),
      ...(isAway && {
        ...{ state: 'reconnecting', bitrate: 0, fps: 0, lastError: loss },
        ...{ lostAt: Date.now() - ticks * 500, liveSince: undefined },
      }),
      reconnects: this.#tick >= away.to ? 1 : 0,
      rttMs: 24 + Math.round(6 * Math.sin(this.#tick / 9)),
    };
  }

  #slow(status: DestinationStatus): DestinationStatus {
    const ticks = Math.min(Math.max(0, this.#tick - slow.from), slow.to - slow.from);
    const framesDropped = ticks * 5;
    const isSlow = ticks > 0 && this.#tick < slow.to;
    return {
      ...status,
      framesDropped,
      framesSent: Math.max(0, status.framesSent - framesDropped),
      bitrate: (status.bitrate ?? 0) * (isSlow ? 0.66 : 0.98),
      fps: isSlow ? 20 : 30,
      rttMs: (isSlow ? 210 : 62) + Math.round(14 * Math.sin(this.#tick / 5)),
      ...fakeDestinationFigures(framesDropped),
      ...(!isSlow && { queuedMs: 31, queuedBytes: 10_400 }),
    };
  }
}
