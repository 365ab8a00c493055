import { describe, expect, it } from 'vitest';
import { recordingName } from './recordings.js';

const at = new Date(2026, 10, 30, 9, 5, 7);
const named = (pattern: string, destination = '', n = 1) =>
  recordingName({ pattern, at, destination, n });

describe('the name of a recording', () => {
  it('has date, time, first destination and a number', () => {
    expect(named('{date} {time} {destination} {n}', 'Twitch', 3)).toBe(
      '2026-11-30 09-05-07 Twitch 3',
    );
    expect(named('{date} {time} {destination}')).toBe('2026-11-30 09-05-07');
    expect(named('{when}')).toBe('{when}');
  });

  it('has its number behind it where the pattern has no place for one', () => {
    expect(named('show', '', 1)).toBe('show');
    expect(named('show', '', 2)).toBe('show-2');
  });

  it.each([
    ['../../etc/passwd', '-..-etc-passwd'],
    ['a<b>:"c"|?*\\d\n', 'a-b---c-----d-'],
    ['con', '_con'],
    ['LPT1.show', '_LPT1.show'],
    ['console', 'console'],
    ['end. . ', 'end'],
    ['...', 'Tallylight'],
    ['{destination}', 'Tallylight'],
  ])('is one that every system takes: %j becomes %j', (pattern, name) => {
    expect(named(pattern)).toBe(name);
  });

  it('takes nothing of the destination for a part of the pattern', () => {
    expect(named('{destination}', '{date}/x')).toBe('{date}-x');
  });

  it('fits into a file system, cut between characters', () => {
    const name = named('{destination}', '直播'.repeat(200), 12);
    expect(new TextEncoder().encode(name).length).toBeLessThanOrEqual(200);
    expect(name).toMatch(/^[直播]+-12$/);
  });
});
