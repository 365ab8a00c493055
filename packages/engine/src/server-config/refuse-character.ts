import { appError, reason, type Reason } from '@tallylight/contract';

/** @param refused what no configuration can hold. @throws AppError `INVALID_OPTION` where there is such a thing. */
export function refuseCharacter(option: string | Reason, refused: string | undefined): void {
  if (refused === undefined) return;
  const code = `U+${(refused.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  const isSeen = !/\p{Cc}|\p{Cs}/u.test(refused);
  const character = isSeen ? `"${refused}"` : reason('character-invisible', { code });
  throw appError('INVALID_OPTION', {
    reason: reason('not-in-configuration', { option, character }),
  });
}
