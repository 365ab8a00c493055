import { describeError, type AppErrorInfo } from './errors.js';
import { holdsUrl } from './url-problem.js';

/** What follows a question mark may have an address in it. */
const isAddress = (key: string): boolean => holdsUrl(key.split(/[?？]/u, 1)[0] ?? '');

const isAscii = (key: string): boolean => /^[\x21-\x7e]*$/.test(key.replace(/\s/gu, ''));

/**
 * What is worth a word of a stream key as it was entered, though it may be just what was meant. It tells nothing of it.
 *
 * @param destination what people call where it goes.
 */
export function keyWarnings(streamKey: string, destination: string): AppErrorInfo[] {
  const key = streamKey.trim();
  const data = { destination };
  return [
    ...(isAddress(key) ? [describeError('KEY_IS_ADDRESS', data)] : []),
    ...(/\s/u.test(key) ? [describeError('KEY_WITH_SPACE', data)] : []),
    ...(isAscii(key) ? [] : [describeError('KEY_NOT_ASCII', data)]),
  ];
}
