import { expect, test } from 'vitest';
import { profileProblems } from './profile-problems.js';
import { longestProfileValues, type ProfileField } from './profiles.js';

const good = { name: 'One', serverUrl: 'rtmp://host/app' };
const fields = Object.keys(longestProfileValues) as ProfileField[];

/** So much text that the field would take, were it not too long. */
const filled = (field: ProfileField, length: number): string =>
  (field === 'playUrl' ? 'rtmp://host/app/' : '').padEnd(length, 'x');

test.each(fields)('%s may be as long as the limit, and is refused beyond it', (field) => {
  const longest = longestProfileValues[field];
  expect(profileProblems({ ...good, [field]: filled(field, longest) })).toEqual([]);
  const [problem, ...others] = profileProblems({ ...good, [field]: filled(field, longest + 1) });
  expect(others).toEqual([]);
  expect(problem).toMatchObject({ field, error: { data: { length: longest + 1, longest } } });
});

test.each([
  'rtmp://host/app/SECRET',
  'to RTMPS://host/app/SECRET',
  'rtmp：／／host/app/SECRET',
  `rtmp://host/${'x'.repeat(100)}`,
])('an address is no name: %s', (name) => {
  const [problem, ...others] = profileProblems({ ...good, name });
  expect(others).toEqual([]);
  // What was typed may be a secret.
  expect(problem).toEqual({ field: 'name', error: { code: 'PROFILE_NAME_IS_URL', data: {} } });
});

test.each([
  ['?streamname=live_1&key=SEKRET&schedule=rtmp', undefined],
  ['主播 ？streamname＝live_1＆key＝SEKRET', undefined],
  ['stream-12?expire=99&sign=SEKRET', undefined],
  ['key=SEKRET', undefined],
  ['txSecret=SEKRET', undefined],
  ['live_1234_abcdef', 'live_1234_abcdef'],
  ['main LIVE_1234_abcdef', ' live_1234_abcdef '],
])('a key is no name: %s', (name, streamKey) => {
  const [problem, ...others] = profileProblems({ ...good, name, streamKey });
  expect(others).toEqual([]);
  expect(problem).toEqual({ field: 'name', error: { code: 'PROFILE_NAME_IS_KEY', data: {} } });
});

test.each([
  ['test', 'test'],
  ['Ready?', 'live_1234_abcdef'],
  ['Q&A', undefined],
  ['1080p = best', undefined],
  ['B站 主号', ''],
])('a name is a name: %s', (name, streamKey) => {
  expect(profileProblems({ ...good, name, streamKey })).toEqual([]);
});

test('blanks around do not count, and what is missing is said in the order of the fields', () => {
  const serverUrl = `  ${'x'.repeat(longestProfileValues.serverUrl)}  `;
  expect(profileProblems({ name: ' One ', serverUrl })).toEqual([]);
  const codes = profileProblems({ name: ' ', serverUrl: '' }).map(({ error }) => error.code);
  expect(codes).toEqual(['PROFILE_NAMELESS', 'PROFILE_WITHOUT_URL']);
});

test('an address for watching is one that can be played, or none', () => {
  for (const playUrl of ['', ' ', 'rtmp://host/app/name', 'https://host/name.m3u8'])
    expect(profileProblems({ ...good, playUrl })).toEqual([]);
  expect(profileProblems({ ...good, playUrl: 'https://host/watch' })).toEqual([
    { field: 'playUrl', error: { code: 'PLAY_URL_INVALID', data: {} } },
  ]);
});
