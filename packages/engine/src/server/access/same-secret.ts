import { createHash, timingSafeEqual } from 'node:crypto';

/** Compares in the same time wherever they differ, and whatever their lengths are. */
export const isSameSecret = (a: string, b: string): boolean =>
  timingSafeEqual(digest(a), digest(b));

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
