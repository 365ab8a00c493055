/** Further ahead than this, a clock has been set. Microseconds. */
const forwardTolerance = 10_000_000;
/** Back by more than this is no jitter of a sender who stamps by the wall clock. Microseconds. */
const backwardTolerance = 500_000;
/** About one frame: between what was before a step and what is after, where frames say nothing better. Microseconds. */
const usualStep = 40_000;
/** No frame lasts longer, as far as the gap after a step is concerned. Microseconds. */
const longestStep = 1_000_000;

/** A stretch of the publisher's clock without a step. */
interface Epoch {
  /** Microseconds to be added to its times. */
  readonly shift: number;
  /** The newest time of it, as published. */
  newest: number;
}

interface Track {
  epoch: Epoch;
  /** The newest time, as published. */
  last: number;
  /** Between the last two frames. */
  step: number;
  /** Where the track was when its epoch changed: it does not fall behind that. */
  floor: number;
}

/**
 * Puts the times of a publisher whose clock is set, forward or back, on one line: after a step it goes on a frame after
 * what was before, sound and picture by the same amount.
 *
 * What counts as a step: a track that falls by more than half a second, which no frame order and no jitter does; or one
 * that runs more than ten seconds ahead of all tracks (as ffmpeg's `dts_delta_threshold` has it), and of the time that
 * has passed since the stream was furthest ahead. A pause of hours is none, because hours pass; nor is what comes in a
 * burst after a connection that hung. Without times of arrival, ten seconds are a step.
 *
 * A pure function of what it was told: knows no clock. All times are microseconds.
 */
export class ContinuousTimeline {
  readonly #tracks = new Map<string, Track>();
  #epoch: Epoch | undefined;
  #newest = 0;
  /** How far times were ahead of their arrival at most. */
  #mostAhead = -Infinity;
  #restarts = false;

  /** The newest time that was given out; 0 before there was any. */
  get newest(): number {
    return this.#newest;
  }

  /**
   * Where something belongs that is no frame and comes now: at its time, unless that is of another epoch, as what a
   * server keeps for late joiners is, or what comes before the first frame after a step.
   */
  place(time: number): number {
    const at = time + (this.#epoch?.shift ?? 0);
    if (this.#epoch !== undefined) {
      if (this.#restarts || Math.abs(at - this.#newest) > backwardTolerance) return this.#newest;
    }
    this.#newest = Math.max(this.#newest, at);
    return at;
  }

  /** What follows is of another publisher, whose clock has nothing to do with this one's. */
  restart(): void {
    this.#tracks.clear();
    this.#restarts = this.#epoch !== undefined;
  }

  /**
   * To be called for each frame, in order of arrival.
   *
   * @param track any name, one for each track.
   * @param time its decode time, as published.
   * @param arrival when it came, by a clock that only goes forward; undefined when that is not known.
   * @returns what is to be added to its times.
   */
  shiftOf(track: string, time: number, arrival?: number): number {
    const known = this.#tracks.get(track);
    const epoch = this.#epochOf(known, time, arrival);
    const at = time + epoch.shift;
    let floor = -Infinity;
    if (known === undefined) {
      this.#tracks.set(track, { epoch, last: time, step: usualStep, floor });
    } else {
      if (known.epoch === epoch) known.step = time - known.last;
      else known.floor = known.last + known.epoch.shift;
      floor = known.floor;
      known.epoch = epoch;
      known.last = time;
    }
    epoch.newest = Math.max(epoch.newest, time);
    const moved = Math.max(at, floor);
    this.#newest = Math.max(this.#newest, moved);
    if (arrival !== undefined) this.#mostAhead = Math.max(this.#mostAhead, moved - arrival);
    return moved - time;
  }

  #epochOf(track: Track | undefined, time: number, arrival: number | undefined): Epoch {
    const current = this.#epoch;
    if (current === undefined) {
      this.#newest = time;
      return this.#begin(time, time);
    }
    if (this.#restarts) {
      this.#restarts = false;
      return this.#begin(time, this.#newest + usualStep);
    }
    if (track === undefined) {
      const isFar =
        time < current.newest - forwardTolerance ||
        (time > current.newest + forwardTolerance && this.#isAhead(time + current.shift, arrival));
      return isFar ? this.#begin(time, this.#newest + usualStep) : current;
    }
    const step = time - track.last;
    if (track.epoch !== current) {
      // Another track has stepped: this one follows where its time is nearer to that one's.
      const usual = Math.abs(step - boundedStep(track));
      if (Math.abs(time - current.newest) < usual) return current;
    }
    if (!this.#isStep(track, time, arrival)) return track.epoch;
    return this.#begin(time, this.#newest + boundedStep(track));
  }

  #isStep(track: Track, time: number, arrival: number | undefined): boolean {
    if (time - track.last < -backwardTolerance) return true;
    // Ahead of all tracks: one that rests while others go on steps over nothing.
    const { newest, shift } = track.epoch;
    return time - newest > forwardTolerance && this.#isAhead(time + shift, arrival);
  }

  /** Whether a time lies further ahead of its arrival than any before. */
  #isAhead(at: number, arrival: number | undefined): boolean {
    return arrival === undefined || at - arrival > this.#mostAhead + forwardTolerance;
  }

  #begin(time: number, at: number): Epoch {
    this.#epoch = { shift: at - time, newest: time };
    return this.#epoch;
  }
}

const boundedStep = ({ step }: Track): number =>
  step > 0 && step <= longestStep ? step : usualStep;
