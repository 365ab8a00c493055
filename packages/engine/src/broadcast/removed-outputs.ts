import { mostRemembered, type OutputStatus } from '@tallylight/contract';

/** Whether it has come to something that is to stand in the summary. */
function isWorthKeeping(status: OutputStatus): boolean {
  switch (status.type) {
    case 'rtmp':
      return status.goLiveMs !== undefined;
    case 'recording':
      return status.bytes > 0 || status.lastError !== undefined;
    case 'replay':
      return status.saves !== undefined;
  }
}

/**
 * What is kept in mind of outputs that are removed, with another: of each kind the newest {@link mostRemembered}, the oldest
 * first.
 */
export function withRemoved(
  before: readonly OutputStatus[],
  status: OutputStatus,
): readonly OutputStatus[] {
  if (!isWorthKeeping(status)) return before;
  const all = [...before, status];
  const isTooMany = all.filter(({ type }) => type === status.type).length > mostRemembered;
  const oldest = isTooMany ? all.findIndex(({ type }) => type === status.type) : -1;
  return all.filter((_, index) => index !== oldest);
}
