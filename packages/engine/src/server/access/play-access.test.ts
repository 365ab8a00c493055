import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PlayAccess } from './play-access.js';

const asked = (query: string) => ({ query: new URLSearchParams(query), remote: '192.0.2.7' });
const day = 86_400_000;

beforeEach(() => vi.useFakeTimers({ now: Date.UTC(2030, 0, 1, 12) }));
afterEach(() => vi.useRealTimers());

async function admitted(access: PlayAccess, query: string) {
  const admission = await access.admit('live', 'show', asked(query));
  if (admission.type === 'refused') throw new Error(admission.why);
  return admission;
}

test('without a key everybody may play, and nothing is added to addresses', async () => {
  expect(await new PlayAccess().admit('live', 'show', asked(''))).toEqual({
    ...{ type: 'admitted', until: Infinity, suffix: '' },
  });
});

test('a session is for one stream, for one process, and for a day or two', async () => {
  const access = new PlayAccess('secret');
  const { suffix, until } = await admitted(access, 'key=secret');
  expect(until - Date.now()).toBeGreaterThanOrEqual(day);
  expect(until - Date.now()).toBeLessThanOrEqual(2 * day);
  expect(suffix).not.toContain('secret');
  expect(await admitted(access, suffix.slice(1))).toEqual({ type: 'admitted', until, suffix });
  const why = async (one: PlayAccess, name: string) => {
    const admission = await one.admit('live', name, asked(suffix.slice(1)));
    return admission.type === 'refused' ? admission.why : admission.type;
  };
  expect(await why(access, 'other')).toBe('linkElsewhere');
  expect(await why(new PlayAccess('secret'), 'show')).toBe('playKeyWrong');
  vi.setSystemTime(until);
  expect(await why(access, 'show')).toBe('linkExpired');
});

test('a manifest that is asked for again within a day has the same addresses', async () => {
  const access = new PlayAccess('secret');
  const { suffix } = await admitted(access, 'key=secret');
  vi.advanceTimersByTime(day / 4);
  expect((await admitted(access, 'key=secret')).suffix).toBe(suffix);
});

test('what a link makes possible ends with it', async () => {
  const access = new PlayAccess('secret');
  const until = Date.now() + 60_000;
  const token = access.tokenFor({ stream: 'live/show', until }) ?? '';
  const { suffix } = await admitted(access, `token=${token}`);
  expect((await admitted(access, suffix.slice(1))).until).toBe(until);
  // A session is no link: who has a segment's address has no more than that stream's segments.
  expect(access.identify(asked(`token=${suffix.slice('?session='.length)}`))).toEqual({
    ...{ type: 'refused', why: 'playKeyWrong' },
  });
});
