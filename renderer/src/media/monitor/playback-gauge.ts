import { codeDelay } from './code-delay.js';
import { matchDelay } from './match-delay.js';
import { difference, type SeenPicture } from './picture-raster.js';
import {
  afterPicture,
  judged,
  type PlaybackState,
  type PlaybackVerdict,
  type PlayedPicture,
} from './playback-verdict.js';

/** How late viewers see it, or why that cannot be told. */
export type PlaybackDelay =
  | { readonly type: 'measured'; readonly ms: number }
  | { readonly type: 'measuring' }
  /** Too little moves before the camera. */
  | { readonly type: 'still' }
  /** What comes back is not like what was captured, or like it at several times. */
  | { readonly type: 'unsure' }
  /** Nobody here knows what is captured. */
  | { readonly type: 'unknown' };

/** How long what was seen is kept. Milliseconds. */
const keptMs = { captured: 37_000, played: 10_000, changes: 90_000 } as const;
/** However fast they come: half a minute of thirty a second. */
const mostPictures = 1_100;
/** As the verdict has it: less is what noise makes. */
const leastChange = 2;
/** Changes are noted at most so often. Milliseconds. */
const changesApartMs = 500;
/** A figure that was told is told for so long when no new one can be. */
const figureMs = 8_000;
/** Matching costs some hundredths of a second. */
const matchEveryMs = 2_000;
/** Of so many figures the middle one is told. */
const mostFigures = 3;
/** Without a picture for so long nothing is captured here. */
const uncapturedMs = 3_000;

interface Figure {
  readonly at: number;
  readonly ms: number;
}

/** Compares what is captured with what is played back. Times are milliseconds of one clock. */
export class PlaybackGauge {
  #captured: SeenPicture[] = [];
  #changes: number[] = [];
  #anchor: Float32Array | undefined;
  #played: SeenPicture[] = [];
  #state: PlaybackState | undefined;
  #matchedAt = -Infinity;
  #figures: Figure[] = [];
  #delay: PlaybackDelay = { type: 'measuring' };

  captured(picture: SeenPicture): void {
    this.#captured = kept(this.#captured, picture, keptMs.captured);
    if (this.#anchor && difference(picture.cells, this.#anchor) < leastChange) return;
    this.#anchor = picture.cells;
    const { at } = picture;
    if (at - (this.#changes.at(-1) ?? -Infinity) < changesApartMs) return;
    this.#changes = [...this.#changes.filter((each) => each > at - keptMs.changes), at];
  }

  played(picture: PlayedPicture): void {
    this.#played = kept(this.#played, picture, keptMs.played);
    this.#state = afterPicture(this.#state, picture);
  }

  /** What is to be said now. */
  judge(
    now: number,
    wantsSound: boolean,
  ): { readonly delay: PlaybackDelay; readonly verdict: PlaybackVerdict } {
    const isCaptured = now - (this.#captured.at(-1)?.at ?? -Infinity) < uncapturedMs;
    this.#measure(now, isCaptured);
    this.#state &&= judged(this.#state, {
      ...{ now, wantsSound },
      ...(this.#delay.type === 'measured' && { delayMs: this.#delay.ms }),
      ...(isCaptured && { capturedChanges: this.#changes }),
    });
    return { delay: this.#delay, verdict: this.#state?.verdict ?? {} };
  }

  #measure(now: number, isCaptured: boolean): void {
    if (!isCaptured) {
      this.#figures = [];
      this.#delay = {
        type: this.#captured.length === 0 && this.#isNew(now) ? 'measuring' : 'unknown',
      };
      return;
    }
    // Of what stands still the last figure was the last.
    if (this.#state?.verdict.stillSince !== undefined) return;
    const coded = codeDelay(this.#captured, this.#played);
    if (coded !== undefined) {
      this.#figures = [{ at: now, ms: coded }];
      this.#delay = { type: 'measured', ms: coded };
    } else if (now - this.#matchedAt >= matchEveryMs) {
      this.#matchedAt = now;
      this.#match(now);
    }
  }

  #isNew(now: number): boolean {
    const [first] = this.#played;
    return !first || now - first.at < uncapturedMs;
  }

  #match(now: number): void {
    const matched = matchDelay(this.#captured, this.#played);
    if (matched.type === 'matched') {
      const figure = { at: now, ms: matched.delayMs };
      this.#figures = [...this.#figures, figure].slice(-mostFigures);
      const sorted = this.#figures.map(({ ms }) => ms).toSorted((a, b) => a - b);
      this.#delay = { type: 'measured', ms: sorted[Math.floor(sorted.length / 2)] ?? figure.ms };
      return;
    }
    if (now - (this.#figures.at(-1)?.at ?? -Infinity) < figureMs) return;
    this.#figures = [];
    this.#delay = { type: matched.type === 'too-few' ? 'measuring' : matched.type };
  }
}

/** With the newest, and without what is too old. */
function kept(pictures: SeenPicture[], picture: SeenPicture, ms: number): SeenPicture[] {
  pictures.push(picture);
  const first = pictures.findIndex(({ at }) => at >= picture.at - ms);
  const surplus = Math.max(first, pictures.length - mostPictures, 0);
  return surplus === 0 ? pictures : pictures.slice(surplus);
}
