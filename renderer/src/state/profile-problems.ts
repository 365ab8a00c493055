import { describeError, longestProfileName, type AppErrorInfo } from '@tallylight/contract';

export type ProfileField = 'name' | 'serverUrl' | 'streamKey';

/** What is wrong with a field of the editor. */
export interface ProfileProblem {
  readonly field: ProfileField;
  readonly error: AppErrorInfo;
}

/** What can be known to be wrong before the engine is asked, in the order of the fields. */
export function draftProblems(draft: {
  readonly name: string;
  readonly serverUrl: string;
}): ProfileProblem[] {
  const name = draft.name.trim();
  const problems: ProfileProblem[] = [];
  if (name === '') problems.push({ field: 'name', error: describeError('PROFILE_NAMELESS') });
  if (name.length > longestProfileName) {
    const data = { length: name.length, longest: longestProfileName };
    problems.push({ field: 'name', error: describeError('PROFILE_NAME_TOO_LONG', data) });
  }
  if (draft.serverUrl.trim() === '') {
    problems.push({ field: 'serverUrl', error: describeError('PROFILE_WITHOUT_URL') });
  }
  return problems;
}

/** The field that the engine's refusal is about; `undefined` where it is about none. */
export function problemOf(error: AppErrorInfo): ProfileProblem | undefined {
  switch (error.code) {
    case 'PROFILE_NAMELESS':
    case 'PROFILE_NAME_TAKEN':
    case 'PROFILE_NAME_TOO_LONG':
      return { field: 'name', error };
    case 'PROFILE_WITHOUT_URL':
    case 'INVALID_URL':
      return { field: 'serverUrl', error };
    case 'EMPTY_KEY':
    case 'KEY_UNREADABLE':
      return { field: 'streamKey', error };
    case 'INVALID_OPTION':
      // Of a profile, it is a key that is the URL of another server.
      return { field: 'streamKey', error };
    default:
      return undefined;
  }
}
