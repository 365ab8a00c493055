import { pictureCode } from '@tallylight/contract';
import type { SeenPicture } from './picture-raster.js';

const periodMs = pictureCode.steps * pictureCode.stepMs;

/** A code may have been seen a little earlier than where the clock began to be known. */
const earliestMs = -1_000;

/** Of so many pictures the delay is the middle one. */
const mostPictures = 12;
const leastPictures = 4;
/** How far back it is looked for how much the delay changes. Milliseconds. */
const spanMs = 3_000;

/** How late it is, and between what that changed lately. Milliseconds. */
export interface DelayRange {
  readonly ms: number;
  readonly fromMs: number;
  readonly toMs: number;
}

const within = (ms: number): number => {
  const rest = (((ms - earliestMs) % periodMs) + periodMs) % periodMs;
  return rest + earliestMs;
};

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/**
 * How late the times are that the pictures played last show. The clock of the codes is whatever it is: it is read from
 * the pictures as they are captured. A picture becomes later for as long as it is shown.
 *
 * @returns `undefined` where there are no codes, or too few of either.
 */
export function codeDelay(
  captured: readonly SeenPicture[],
  played: readonly SeenPicture[],
  now: number,
): DelayRange | undefined {
  const drawn = coded(captured.slice(-mostPictures));
  // Each once: one that is shown again is not late by that.
  const shown = coded(played).filter(({ code }, index, all) => code !== all[index - 1]?.code);
  const [first] = drawn;
  if (!first || drawn.length < leastPictures || shown.length < leastPictures) return undefined;
  // The earliest sight of a picture is the nearest to its time.
  const reference = first.at - first.code * pictureCode.stepMs;
  const offsets = drawn.map(({ at, code }) => {
    const apart = within(at - code * pictureCode.stepMs - reference + periodMs / 2) - periodMs / 2;
    return reference + apart;
  });
  const zero = Math.min(...offsets);
  const delays = shown.map(({ at, code }, index) => {
    const until = shown[index + 1]?.at ?? now;
    const ms = within(at - code * pictureCode.stepMs - zero);
    return { ms, until, atLastMs: ms + Math.max(0, until - at) };
  });
  const recent = delays.filter(({ until }) => until > now - spanMs);
  return {
    ms: median(delays.slice(-mostPictures).map(({ ms }) => ms)),
    fromMs: Math.min(...recent.map(({ ms }) => ms)),
    toMs: Math.max(...recent.map(({ atLastMs }) => atLastMs)),
  };
}

const coded = (
  pictures: readonly SeenPicture[],
): { readonly at: number; readonly code: number }[] =>
  pictures.flatMap(({ at, code }) => (code === undefined ? [] : [{ at, code }]));
