import type { AppErrorInfo, OutputStatus } from '@tallylight/contract';

const isPublic = ({ reach }: OutputStatus): boolean => reach === 'public';

/**
 * Whether there is nobody left to go to, and why. While it is what was started, viewers decide: without a hope of them there
 * is no broadcast, though a recording may go on writing. Once somebody has added or ended an output, only the failure of all
 * that are left ends it: what was added by mistake must not take along what was well.
 *
 * @param statuses of the outputs that nobody has ended.
 */
export function allHaveFailed(
  statuses: readonly OutputStatus[],
  isChanged: boolean,
): { readonly error: AppErrorInfo | undefined } | undefined {
  const forViewers = statuses.filter(isPublic);
  const decisive = forViewers.length > 0 && !isChanged ? forViewers : statuses;
  if (decisive.length === 0 || !decisive.every(({ state }) => state === 'failed')) return undefined;
  return { error: decisive[0]?.lastError };
}

/** Whether it reaches viewers; undefined where it is for none, as one that is only recorded. */
export function reachesViewers(statuses: readonly OutputStatus[]): boolean | undefined {
  const forViewers = statuses.filter(isPublic);
  return forViewers.length === 0 ? undefined : forViewers.some(({ state }) => state === 'live');
}
