import { createHash, timingSafeEqual } from 'node:crypto';

/** What a publisher has to do with the key that it must have. */
export type KeyCheck = 'right' | 'missing' | 'wrong';

/** Whether a publisher gives the key, as `?key=KEY` behind the stream's name or the application's. */
export function checkPublishKey(wanted: string, query: string): KeyCheck {
  const given = new URLSearchParams(query).get('key');
  if (given === null || given === '') return 'missing';
  // Of one length, and compared in the same time wherever they differ.
  return timingSafeEqual(digest(given), digest(wanted)) ? 'right' : 'wrong';
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
