import type { Messages } from '@tallylight/messages';

export { formatBytes } from '@tallylight/messages';

/** Who knows how the language writes numbers. */
type Numbers = Pick<Messages, 'number'>;

const whole = { maximumFractionDigits: 0 } as const;
const tenths = { minimumFractionDigits: 1, maximumFractionDigits: 1 } as const;

/** Bits per second as `2,503`, the number of kbit/s. */
export const formatKilobits = (bitsPerSecond: number, { number }: Numbers): string =>
  number(bitsPerSecond / 1000, whole);

/** `1,234` */
export const formatWhole = (value: number, { number }: Numbers): string => number(value, whole);

/** `30.0` */
export const formatTenths = (value: number, { number }: Numbers): string => number(value, tenths);

/** A ratio as `1.2 %`. What is more than nothing is not shown as nothing. */
export const formatPercent = (ratio: number, { number }: Numbers): string =>
  `${number(ratio > 0 ? Math.max(ratio * 100, 0.1) : 0, tenths)} %`;

/** Milliseconds as `24 ms` below a second, then `12.3 s`. */
export const formatElapsed = (milliseconds: number, { number }: Numbers): string =>
  milliseconds < 1000
    ? `${number(milliseconds, whole)} ms`
    : `${number(milliseconds / 1000, tenths)} s`;

/** Memory as `412 MB`: nobody is helped by its tenths. */
export const formatMemory = (bytes: number, { number }: Numbers): string =>
  `${number(bytes / 1e6, whole)} MB`;

/** A share of one processor core as `38 %`; several cores are more than 100. */
export const formatCores = (cores: number, { number }: Numbers): string =>
  `${number(cores * 100, whole)} %`;

/** How fast against time, 1 being as fast, as `1.00×`. */
export const formatSpeed = (ratio: number, { number }: Numbers): string =>
  `${number(ratio, { minimumFractionDigits: 2, maximumFractionDigits: 2 })}×`;

/** Milliseconds as `00:12:34`. */
export function formatClock(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** Milliseconds as `0:12`, and from an hour on as `1:02:34`. */
export const formatShortClock = (milliseconds: number): string =>
  formatClock(milliseconds).replace(/^(00:0?|0)/, '');

/** Decibels with a real minus sign and a fixed number of digits: `−17.4 dB`; below the scale, `−∞ dB`. */
export function formatDecibels(decibels: number): string {
  if (decibels <= -60) return '−∞ dB';
  const digits = Math.abs(decibels).toFixed(1);
  return `${decibels < 0 && digits !== '0.0' ? '−' : ''}${digits} dB`;
}
