import { codeDelay, type DelayRange } from './code-delay.js';
import { matchDelay } from './match-delay.js';
import { difference, type SeenPicture } from './picture-raster.js';
import {
  afterPicture,
  excused,
  judged,
  type PlaybackState,
  type PlaybackVerdict,
  type PlayedPicture,
} from './playback-verdict.js';

/** How late viewers see it, or why that cannot be told. */
export type PlaybackDelay =
  | MeasuredDelay
  | { readonly type: 'measuring' }
  /** Too little moves before the camera. */
  | { readonly type: 'still' }
  /** What comes back is not like what was captured, or like it at several times. */
  | { readonly type: 'unsure' }
  /** Another window captures. */
  | { readonly type: 'elsewhere' }
  /** What this window shows of it is decoded by itself, at another moment than it is sent. */
  | { readonly type: 'files' | 'stream' };

interface MeasuredDelay extends DelayRange {
  readonly type: 'measured';
  /** It could not be measured again for some seconds. */
  readonly isOld: boolean;
}

/** What this window shows of what is sent: the camera itself, nothing, or what it decodes of the files or the stream. */
export type SourceView = 'captured' | 'elsewhere' | 'files' | 'stream';

/** What is known of what is sent. */
export interface Sent {
  readonly view: SourceView;
  /** Whether there is sound in it. */
  readonly hasSound: boolean;
  /** That on purpose something else is sent than pictures that move and sound that is heard. */
  readonly inPlace?: 'slate' | 'nothing' | undefined;
}

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
/** A figure that is older than this is told as such. */
const oldFigureMs = 4_000;
/** For so long after the last picture that was captured it is not known what there is to see. */
const uncapturedMs = 3_000;
/** What was sent on purpose may still be seen for so long where the delay is not known. */
const longestDelayMs = 30_000;
/** By how much pictures that are decoded by themselves may be late. */
const decodedLateMs = 5_000;

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
  /** Until when what comes may be what was sent on purpose. */
  #excusedUntil = -Infinity;
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
    sent: Sent,
  ): { readonly delay: PlaybackDelay; readonly verdict: PlaybackVerdict } {
    this.#measure(now, sent.view);
    const delayMs = this.#delay.type === 'measured' ? this.#delay.ms : undefined;
    if (sent.inPlace) this.#excusedUntil = now + (delayMs ?? longestDelayMs);
    if (this.#state && now <= this.#excusedUntil)
      this.#state = excused(this.#state, now, sent.inPlace !== 'nothing');
    this.#state &&= judged(this.#state, {
      ...{ now, delayMs, wantsSound: sent.hasSound },
      ...(this.#isCaptured(now) && { capturedChanges: this.#changes }),
      ...(sent.view !== 'captured' && { changesLateMs: decodedLateMs }),
    });
    return { delay: this.#delay, verdict: this.#state?.verdict ?? {} };
  }

  #isCaptured(now: number): boolean {
    return now - (this.#captured.at(-1)?.at ?? -Infinity) < uncapturedMs;
  }

  #measure(now: number, view: SourceView): void {
    if (view !== 'captured') {
      this.#figures = [];
      this.#delay = { type: view };
      return;
    }
    // Of what stands still the last figure was the last.
    if (this.#state?.verdict.stillSince !== undefined) return;
    // The clock of the codes goes on where a computer that is busy has not shown one for a while.
    const coded = codeDelay(this.#captured, this.#played, now);
    if (coded !== undefined) {
      this.#figures = [{ at: now, ms: coded.ms }];
      this.#delay = { type: 'measured', isOld: false, ...coded };
      return;
    }
    if (now - this.#matchedAt >= matchEveryMs) {
      this.#matchedAt = now;
      this.#match(now);
    }
    this.#tellFigures(now);
  }

  #match(now: number): void {
    const matched = matchDelay(this.#captured, this.#played);
    if (matched.type === 'matched') {
      const figure = { at: now, ms: matched.delayMs };
      this.#figures = [...this.#figures, figure].slice(-mostFigures);
      return;
    }
    if (now - (this.#figures.at(-1)?.at ?? -Infinity) < figureMs) return;
    this.#figures = [];
    // What was not looked at fits nowhere.
    const isTooFew = matched.type === 'too-few' || !this.#isCaptured(now);
    this.#delay = { type: isTooFew ? 'measuring' : matched.type };
  }

  #tellFigures(now: number): void {
    const newest = this.#figures.at(-1);
    if (!newest) return;
    const sorted = this.#figures.map(({ ms }) => ms).toSorted((a, b) => a - b);
    this.#delay = {
      type: 'measured',
      ms: sorted[Math.floor(sorted.length / 2)] ?? newest.ms,
      fromMs: sorted[0] ?? newest.ms,
      // The picture that is still shown becomes later.
      toMs: (sorted.at(-1) ?? newest.ms) + Math.max(0, now - (this.#played.at(-1)?.at ?? now)),
      isOld: now - newest.at >= oldFigureMs,
    };
  }
}

/** With the newest, and without what is too old. */
function kept(pictures: SeenPicture[], picture: SeenPicture, ms: number): SeenPicture[] {
  pictures.push(picture);
  const first = pictures.findIndex(({ at }) => at >= picture.at - ms);
  const surplus = Math.max(first, pictures.length - mostPictures, 0);
  return surplus === 0 ? pictures : pictures.slice(surplus);
}
