import { isSameSecret } from './same-secret.js';

/** What a publisher has to do with the key that it must have. */
export type KeyCheck = 'right' | 'missing' | 'wrong';

/** Whether a publisher gives the key, as `?key=KEY` behind the stream's name or the application's. */
export function checkPublishKey(wanted: string, query: string): KeyCheck {
  const given = new URLSearchParams(query).get('key');
  if (given === null || given === '') return 'missing';
  return isSameSecret(given, wanted) ? 'right' : 'wrong';
}
