import type { Health } from '@tallylight/contract';

/** How much is missing: 0 nothing, 1 not worth a worry, 2 viewers may notice, 3 they do. */
export type Grade = 0 | 1 | 2 | 3;

export interface GradeState {
  readonly grade: Grade;
  /** Since when it has been at this grade; milliseconds since the epoch. */
  readonly since: number;
  /** Since when it could be a better one. */
  readonly betterSince: number | undefined;
}

/** Shares above which the grades 1, 2 and 3 begin. */
export type Limits = readonly [number, number, number];

/** A share must be this much smaller for a better grade than it had to be for a worse one. */
const leaveFactor = 0.8;
/** For this long it must have been better, in milliseconds. */
const holdMs = 5000;

export const levelOf = (grade: Grade): Health['level'] =>
  grade === 3 ? 'poor' : grade === 2 ? 'fair' : 'good';

const gradeOf = (share: number, limits: Limits, factor: number): Grade =>
  limits.filter((limit) => share > limit * factor).length as Grade;

/** Whether a grade that is worse than good is kept only because it has not been good for long enough. */
export const isRecovering = (state: GradeState, share: number, limits: Limits): boolean =>
  levelOf(state.grade) !== 'good' && levelOf(gradeOf(share, limits, leaveFactor)) === 'good';

/**
 * The grade of one place's share of 0 to 1, given its grade before: worse at once; better only when the share has been
 * well below the limit, and for a while. So a share that sways about a limit does not make it flap.
 */
export function nextGrade(
  before: GradeState | undefined,
  share: number,
  limits: Limits,
  now: number,
): GradeState {
  const measured = gradeOf(share, limits, 1);
  if (!before || measured > before.grade) {
    return { grade: measured, since: now, betterSince: undefined };
  }
  const safe = gradeOf(share, limits, leaveFactor);
  if (safe >= before.grade) return { ...before, betterSince: undefined };
  const betterSince = before.betterSince ?? now;
  if (now - betterSince < holdMs) return { ...before, betterSince };
  return { grade: safe, since: now, betterSince: undefined };
}
