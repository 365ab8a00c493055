import { describeError, type AppErrorInfo } from './errors.js';

/** Also as an input method writes it; what follows a question mark may have an address in it. */
const holdsAddress = (key: string): boolean => /^[^?？]*[:：][/／]{2}/u.test(key);

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
    ...(holdsAddress(key) ? [describeError('KEY_IS_ADDRESS', data)] : []),
    ...(/\s/u.test(key) ? [describeError('KEY_WITH_SPACE', data)] : []),
    ...(isAscii(key) ? [] : [describeError('KEY_NOT_ASCII', data)]),
  ];
}
