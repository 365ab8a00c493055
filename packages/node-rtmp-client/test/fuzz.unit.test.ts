import { describe, expect, it } from 'vitest';
import { formatTargets } from '../fuzz/format-targets.js';
import { judge, makeInput } from '../fuzz/judge.js';
import { Random } from '../fuzz/random.js';
import { sessionTargets } from '../fuzz/session-targets.js';
import type { Target } from '../fuzz/target.js';
import { MalformedError } from '../src/bytes/malformed-error.js';

/** `npm run fuzz` goes on from here; this shows that it could. */
const inputs = 200;

describe.each([...formatTargets, ...sessionTargets])('fuzzing $name', (target) => {
  it('finds nothing in the first inputs', () => {
    for (let seed = 1; seed <= inputs; seed++) {
      const bytes = makeInput(target, new Random(seed));
      const why = judge(target, bytes, seed);
      // A slow machine is not what this is about.
      if (why !== undefined && why !== 'slow') {
        expect.fail(`seed ${seed}, ${Buffer.from(bytes).toString('hex')}: ${why}`);
      }
    }
  });
});

describe('what is judged', () => {
  const targetOf = (run: Target['run']): Target => ({ name: 'planted', seeds: [], run });

  it('lets pass what the library refuses in its own words', () => {
    const refusing = targetOf(() => {
      throw new MalformedError('no');
    });
    expect(judge(refusing, new Uint8Array(1), 1)).toBeUndefined();
  });

  it.each([
    {
      name: 'an exception of another kind',
      run: () => [].length - (undefined as never)[0],
      why: 'TypeError',
    },
    { name: 'output out of proportion', run: () => 1_000_000, why: '1000000 bytes' },
  ])('finds $name', ({ run, why }) => {
    expect(judge(targetOf(run), new Uint8Array(1), 1)).toContain(why);
  });

  it('finds time out of proportion', () => {
    const burning = targetOf(() => {
      const begun = process.cpuUsage();
      while (process.cpuUsage(begun).user < 200_000);
      return 0;
    });
    expect(judge(burning, new Uint8Array(100), 1)).toBe('slow');
    expect(judge(burning, new Uint8Array(1024 * 1024), 1)).toBeUndefined();
  });

  it('makes the same input of the same seed', () => {
    for (const target of formatTargets) {
      const [first, second] = [7, 7].map((seed) => makeInput(target, new Random(seed)));
      expect(first).toEqual(second);
    }
  });
});
