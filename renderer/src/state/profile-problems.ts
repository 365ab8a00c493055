import type { AppErrorInfo, ProfileProblem } from '@tallylight/contract';

/** The field that the engine's refusal is about; `undefined` where it is about none. */
export function problemOf(error: AppErrorInfo): ProfileProblem | undefined {
  switch (error.code) {
    case 'PROFILE_NAMELESS':
    case 'PROFILE_NAME_TAKEN':
    case 'PROFILE_NAME_TOO_LONG':
    case 'PROFILE_NAME_IS_URL':
    case 'PROFILE_NAME_IS_KEY':
      return { field: 'name', error };
    case 'PROFILE_WITHOUT_URL':
    case 'INVALID_URL':
      return { field: 'serverUrl', error };
    case 'PLAY_URL_INVALID':
      return { field: 'playUrl', error };
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
