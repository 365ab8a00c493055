import { describeError, type AppErrorInfo } from './errors.js';
import { playWayOf } from './monitor.js';
import { longestProfileValues, type ProfileField, type ProfileInput } from './profiles.js';
import { reason, type ReasonCode } from './reasons.js';
import { holdsUrl } from './url-problem.js';

/** What is wrong with a field of a profile. */
export interface ProfileProblem {
  readonly field: ProfileField;
  readonly error: AppErrorInfo;
}

/** The name has its own sentence. */
const fieldNames = {
  serverUrl: 'server-url',
  streamKey: 'stream-key',
  user: 'user-name',
  password: 'password',
  playUrl: 'play-url',
} as const satisfies Record<Exclude<ProfileField, 'name'>, ReasonCode>;

/** A query, as some services give their keys; also as an input method writes it. */
const holdsQuery = (name: string): boolean =>
  /[?？][^\s=＝]+[=＝]\S/u.test(name) ||
  /(?:^|[&＆])(?:streamname|key|token|secret|sign|auth|pass\w*|\w*secret)[=＝]\S/iu.test(name);

/** Names such as "live" and "test" are keys of servers at home, and no secret. */
const shortestSecret = 8;

function holdsKey(name: string, streamKey: string): boolean {
  const key = streamKey.trim();
  return key.length >= shortestSecret && name.toLowerCase().includes(key.toLowerCase());
}

/**
 * What cannot be saved, in the order of the fields. What is too long is refused, never cut: a key without its end is
 * another key.
 */
export function profileProblems(input: ProfileInput): ProfileProblem[] {
  const problems: ProfileProblem[] = [];
  const name = input.name.trim();
  if (name === '') problems.push({ field: 'name', error: describeError('PROFILE_NAMELESS') });
  // Names are shown and exported in clear, and an address may end with its key.
  if (holdsUrl(name)) problems.push({ field: 'name', error: describeError('PROFILE_NAME_IS_URL') });
  else if (holdsQuery(name) || holdsKey(name, input.streamKey ?? '')) {
    problems.push({ field: 'name', error: describeError('PROFILE_NAME_IS_KEY') });
  }
  const longest = longestProfileValues.name;
  if (problems.length === 0 && name.length > longest) {
    const error = describeError('PROFILE_NAME_TOO_LONG', { length: name.length, longest });
    problems.push({ field: 'name', error });
  }
  if (input.serverUrl.trim() === '') {
    problems.push({ field: 'serverUrl', error: describeError('PROFILE_WITHOUT_URL') });
  }
  for (const field of ['serverUrl', 'streamKey', 'user', 'password', 'playUrl'] as const) {
    const value = input[field] ?? '';
    const { length } = field === 'password' ? value : value.trim();
    if (length <= longestProfileValues[field]) continue;
    const data = { length, longest: longestProfileValues[field] };
    const error = describeError('PROFILE_VALUE_TOO_LONG', {
      field: reason(fieldNames[field]),
      ...data,
    });
    problems.push({ field, error });
  }
  const playUrl = input.playUrl?.trim() ?? '';
  const isFlawed = problems.some(({ field }) => field === 'playUrl');
  if (playUrl !== '' && !isFlawed && playWayOf(playUrl) === undefined) {
    problems.push({ field: 'playUrl', error: describeError('PLAY_URL_INVALID') });
  }
  return problems;
}
