import { describe, expect, it } from 'vitest';
import { levelOf, nextGrade, type GradeState, type Limits } from './health-level.js';

const limits: Limits = [0, 0.01, 0.05];
const run = (shares: readonly number[], stepMs = 500): GradeState[] =>
  shares.reduce<GradeState[]>(
    (states, share, index) => [...states, nextGrade(states.at(-1), share, limits, index * stepMs)],
    [],
  );
const repeat = (count: number, ...shares: number[]): number[] =>
  Array.from({ length: count }, () => shares).flat();

describe('the grade of what is missing', () => {
  it.each([
    [0, 0, 'good'],
    [0.001, 1, 'good'],
    [0.01, 1, 'good'],
    [0.011, 2, 'fair'],
    [0.051, 3, 'poor'],
  ] as const)('of a share of %d is %i: %s', (share, grade, level) => {
    expect(run([share])[0]?.grade).toBe(grade);
    expect(levelOf(grade)).toBe(level);
  });

  it('changes once where a share sways about a limit, and keeps since when', () => {
    const states = run([0.009, ...repeat(60, 0.011, 0.0098)]);
    expect(states.slice(1).every(({ grade, since }) => grade === 2 && since === 500)).toBe(true);
  });

  it('is worse at once, and better after five seconds well below the limit', () => {
    const states = run([0.02, ...repeat(12, 0.004), 0.06]);
    expect(states.map(({ grade }) => grade)).toEqual([...repeat(11, 2), 1, 1, 3]);
    expect(states[11]).toMatchObject({ grade: 1, since: 5500 });
  });

  it('begins to wait anew when it was worse in between', () => {
    const states = run([0.02, ...repeat(9, 0.001), 0.009, ...repeat(9, 0.001)]);
    expect(states.every(({ grade }) => grade === 2)).toBe(true);
  });
});
