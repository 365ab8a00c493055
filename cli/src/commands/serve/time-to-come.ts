import { appError, reason } from '@tallylight/contract';

const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
/** What a signed link can hold, and more than anybody needs. */
const lastTime = Date.UTC(9999, 11, 31);

/**
 * Milliseconds since the epoch from `90m`, `12h`, `7d`, or from a time such as `2030-01-31T20:00`, which is that of this
 * computer where it names no zone.
 *
 * @throws AppError `INVALID_OPTION` also for a time that is over.
 */
export function parseTimeToCome(option: string, text: string, now: number): number {
  const [, number, unit] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  const time =
    number === undefined
      ? parseTime(text)
      : now + Number(number) * unitMs[unit as keyof typeof unitMs];
  if (!(time > now && time < lastTime))
    throw appError('INVALID_OPTION', { reason: reason('not-a-time', { option, text }) });
  return time;
}

function parseTime(text: string): number {
  const [, day, clock = 'T00:00'] =
    /^(\d{4}-\d\d-\d\d)([T ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)?)?$/.exec(text) ?? [];
  // A day alone would be one of Greenwich.
  return day === undefined ? NaN : Date.parse(`${day}${clock.replace(' ', 'T')}`);
}
