import type { PlaybackVerdict } from '../media/monitor/playback-verdict.js';

export interface MonitorFault {
  readonly type: 'still' | 'black' | 'silent';
  /** In milliseconds since the epoch. */
  readonly since: number;
}

/** What is wrong with what viewers get, the worst first. What is black stands still anyway. */
export function monitorFaults({
  stillSince,
  blackSince,
  silentSince,
}: PlaybackVerdict): MonitorFault[] {
  const faults: MonitorFault[] = [];
  if (blackSince !== undefined) faults.push({ type: 'black', since: blackSince });
  else if (stillSince !== undefined) faults.push({ type: 'still', since: stillSince });
  if (silentSince !== undefined) faults.push({ type: 'silent', since: silentSince });
  return faults;
}
