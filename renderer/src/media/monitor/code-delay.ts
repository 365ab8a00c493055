import { pictureCode } from '@tallylight/contract';
import type { SeenPicture } from './picture-raster.js';

const periodMs = pictureCode.steps * pictureCode.stepMs;

/** A code may have been seen a little earlier than where the clock began to be known. */
const earliestMs = -1_000;

/** Of so many pictures the delay is the middle one. */
const mostPictures = 12;
const leastPictures = 4;

const within = (ms: number): number => {
  const rest = (((ms - earliestMs) % periodMs) + periodMs) % periodMs;
  return rest + earliestMs;
};

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/**
 * How late the times are that the pictures played last show. The clock of the codes is whatever it is: it is read from
 * the pictures as they are captured.
 *
 * @returns milliseconds; `undefined` where there are no codes, or too few of either.
 */
export function codeDelay(
  captured: readonly SeenPicture[],
  played: readonly SeenPicture[],
): number | undefined {
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
  const delays = shown
    .slice(-mostPictures)
    .map(({ at, code }) => within(at - code * pictureCode.stepMs - zero));
  return median(delays);
}

const coded = (
  pictures: readonly SeenPicture[],
): { readonly at: number; readonly code: number }[] =>
  pictures.flatMap(({ at, code }) => (code === undefined ? [] : [{ at, code }]));
