import type { Statistics } from './broadcast.js';
import { reason, type Reason } from './reasons.js';

/** Milliseconds of sound that may be missing at the end without a word: nobody notices. */
const unnoticedMs = 500;

type Audio = Pick<Statistics['audio'], 'frames' | 'behindMs'>;

const seconds = (ms: number): number => Math.round(ms / 100) / 10;

/** That the sound of a live capture is behind its picture, or that none has come yet. */
export const soundBehind = ({ frames, behindMs = 0 }: Audio): Reason =>
  reason(frames === 0 ? 'no-sound-yet-for' : 'sound-behind', { seconds: seconds(behindMs) });

/** What sound of a live capture that has ended was not sent; `undefined` where it is nothing of note. */
export function soundNotSent({ frames, behindMs = 0 }: Audio): Reason | undefined {
  if (behindMs <= unnoticedMs) return undefined;
  return frames === 0
    ? reason('no-sound-sent')
    : reason('sound-not-sent', { seconds: seconds(behindMs) });
}
