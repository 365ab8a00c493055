import { destinationsOf, mostRemembered, type BroadcastSnapshot } from '@tallylight/contract';
import { TimeOnAir, unheardMs } from './time-on-air.js';

type Times = Pick<BroadcastSnapshot, 'liveAt' | 'onAirMs' | 'earlierShows'>;

/** When the shows of one broadcast were on air. What goes on being recorded between them makes them parts of one. */
export class ShowTimes {
  #time = new TimeOnAir();
  #liveAt: number | undefined;
  #isOver = false;
  #earlier: NonNullable<BroadcastSnapshot['earlierShows']> = [];

  get status(): Times {
    if (this.#liveAt === undefined) return {};
    return {
      ...this.#times(this.#liveAt),
      ...(this.#earlier.length > 0 && { earlierShows: this.#earlier }),
    };
  }

  /** @param snapshot of the state that has just been entered. */
  enter(snapshot: BroadcastSnapshot): void {
    this.noteMedia(snapshot);
    const { state } = snapshot;
    if (state === 'live') this.#begin();
    else if (state !== 'stopping') this.#time.end(unheardMs(snapshot, Date.now()));
    this.#isOver = state === 'recording';
  }

  /** Takes notice of what leaves while it is stopping. */
  noteMedia(snapshot: BroadcastSnapshot): void {
    if (snapshot.state !== 'stopping' && snapshot.state !== 'ended') return;
    const sent = destinationsOf(snapshot).map(({ framesSent }) => framesSent);
    this.#time.noteMedia(sent.reduce((sum, frames) => sum + frames, 0));
  }

  #begin(): void {
    if (this.#isOver && this.#liveAt !== undefined) {
      this.#earlier = [...this.#earlier, this.#times(this.#liveAt)].slice(-mostRemembered);
      this.#liveAt = undefined;
      this.#time = new TimeOnAir();
    }
    this.#liveAt ??= Date.now();
    this.#time.begin();
  }

  #times = (liveAt: number): { liveAt: number; onAirMs: number } => ({
    liveAt,
    onAirMs: Math.round(this.#time.ms),
  });
}
