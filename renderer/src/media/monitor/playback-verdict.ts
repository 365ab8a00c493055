import { difference, type SeenPicture } from './picture-raster.js';

/** What is wrong with what viewers get, each with when it began, in milliseconds of the pictures' clock. */
export interface PlaybackVerdict {
  readonly stillSince?: number;
  readonly blackSince?: number;
  readonly silentSince?: number;
}

/** What there was to see and to hear. */
export interface PlayedPicture extends SeenPicture {
  /** The loudest since the picture before: dBFS, -Infinity for silence. */
  readonly peakDb: number;
}

export interface PlaybackState {
  readonly lastAt: number;
  /** The picture that differed last from those before it. */
  readonly anchor: Float32Array;
  readonly changedAt: number;
  /** Since when it has moved without a pause. */
  readonly movingSince: number;
  /** Since when it has been black, or silent, as far as pictures came; and since when it is not any more. */
  readonly black: Spell;
  readonly silent: Spell;
  readonly verdict: PlaybackVerdict;
}

/** How long something has lasted, counted only while pictures come. */
interface Spell {
  readonly since: number;
  readonly is: boolean;
  readonly lastedMs: number;
}

/** What a cell has to differ by, of 255: more than an encoder makes of a picture that does not change. */
const leastDifference = 0.75;
/** No cell is lighter in a picture that is black; in one that is not any more, one is. */
const black = { lightest: 20, lightAgain: 28 } as const;
/** Nobody hears what is no louder than this; what is louder than that again. dBFS. */
const silence = { loudest: -60, heardAgain: -54 } as const;

/** How long it takes until it is said, and until it is said no more. Milliseconds. */
const verdictMs = {
  noPicture: 5_000,
  /** After what was captured must have been seen. */
  overdue: 5_000,
  /** Where nobody knows what is captured. */
  unchanged: 15_000,
  black: 3_000,
  silent: 10_000,
  movingAgain: 1_000,
  lightAgain: 500,
} as const;

/** A pause longer than this ends a movement. */
const longestPauseMs = 2_000;
/** Where the delay is not known it is taken for this. */
const unknownDelayMs = 10_000;

/** The state after the first picture, or the next. */
export function afterPicture(
  before: PlaybackState | undefined,
  { at, cells, peakDb }: PlayedPicture,
): PlaybackState {
  const lightest = Math.max(...cells);
  const isChanged = !before || difference(cells, before.anchor) > leastDifference;
  const lastedMs = before ? Math.min(at - before.lastAt, 1_000) : 0;
  const isBlack = lightest <= (before?.black.is === true ? black.lightAgain : black.lightest);
  const isSilent = peakDb <= (before?.silent.is === true ? silence.heardAgain : silence.loudest);
  const isPaused = !before || at - before.changedAt > longestPauseMs;
  return {
    lastAt: at,
    anchor: isChanged ? cells : before.anchor,
    changedAt: isChanged ? at : before.changedAt,
    movingSince: isChanged && isPaused ? at : before.movingSince,
    black: spell(before?.black, isBlack, at, lastedMs),
    silent: spell(before?.silent, isSilent, at, lastedMs),
    verdict: before?.verdict ?? {},
  };
}

const spell = (before: Spell | undefined, is: boolean, at: number, ms: number): Spell =>
  before?.is === is
    ? { ...before, lastedMs: before.lastedMs + ms }
    : { is, since: at, lastedMs: 0 };

/**
 * The state in which nothing that was seen and heard up to `now` counts, since it is sent so on purpose.
 *
 * @param isSent whether anything is sent: without that, none has to come either.
 */
export function excused(state: PlaybackState, now: number, isSent: boolean): PlaybackState {
  const anew = ({ is }: Spell): Spell => ({ is, since: now, lastedMs: 0 });
  return {
    ...state,
    ...(!isSent && { lastAt: now }),
    changedAt: now,
    movingSince: now,
    black: anew(state.black),
    silent: anew(state.silent),
    verdict: {},
  };
}

export interface Surroundings {
  readonly now: number;
  /** How late it is played, where that is known. Milliseconds. */
  readonly delayMs?: number | undefined;
  /** When what is captured changed, in their order; absent where nobody here knows what is captured. */
  readonly capturedChanges?: readonly number[] | undefined;
  /** By how much these may be seen later than what is sent, where that is not what is seen. Milliseconds. */
  readonly changesLateMs?: number | undefined;
  /** Whether there is sound to be heard at all. */
  readonly wantsSound: boolean;
}

/** The state with what there is to be said of it now. What has been said stays until the opposite has lasted, too. */
export function judged(state: PlaybackState, surroundings: Surroundings): PlaybackState {
  const { now, wantsSound } = surroundings;
  const { black: dark, silent, verdict } = state;
  const still = stillSince(state, surroundings);
  const isCalledBlack =
    verdict.blackSince === undefined
      ? dark.is && dark.lastedMs >= verdictMs.black
      : dark.is || dark.lastedMs < verdictMs.lightAgain;
  const isCalledSilent =
    wantsSound &&
    silent.is &&
    (verdict.silentSince !== undefined || silent.lastedMs >= verdictMs.silent);
  const blackSince = dark.is ? dark.since : verdict.blackSince;
  // Without a picture nobody knows how the next looks, or sounds.
  const isGone = now - state.lastAt >= verdictMs.noPicture;
  return {
    ...state,
    verdict: {
      ...(still !== undefined && { stillSince: still }),
      ...(!isGone && isCalledBlack && blackSince !== undefined && { blackSince }),
      ...(!isGone && isCalledSilent && { silentSince: silent.since }),
    },
  };
}

function stillSince(state: PlaybackState, surroundings: Surroundings): number | undefined {
  const { lastAt, changedAt, movingSince, verdict } = state;
  const { now } = surroundings;
  if (now - lastAt >= verdictMs.noPicture) return lastAt;
  if (verdict.stillSince !== undefined) {
    const moves =
      now - changedAt < longestPauseMs && changedAt - movingSince >= verdictMs.movingAgain;
    return moves ? undefined : verdict.stillSince;
  }
  return isOverdue(changedAt, surroundings) ? changedAt : undefined;
}

/** Whether a change that was captured should have been seen by now. A scene that stands still itself is no fault. */
function isOverdue(changedAt: number, surroundings: Surroundings): boolean {
  const { now, delayMs, capturedChanges, changesLateMs = 0 } = surroundings;
  if (!capturedChanges) return now - changedAt >= verdictMs.unchanged;
  const late = delayMs ?? unknownDelayMs;
  // What was captured in the last second before it may be what was seen last.
  const seenLast = changedAt - (delayMs ?? 0) + 1_000 + changesLateMs;
  const missed = capturedChanges.find((at) => at > seenLast);
  return missed !== undefined && now - missed >= late + verdictMs.overdue;
}
