const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** Bits per second as `2,503`, the number of kbit/s. */
export const formatKilobits = (bitsPerSecond: number): string => whole.format(bitsPerSecond / 1000);

/** `30.0` */
export const formatTenths = (value: number): string => tenths.format(value);

/** A ratio as `1.2 %`. */
export const formatPercent = (ratio: number): string => `${tenths.format(ratio * 100)} %`;

/** Milliseconds as `24 ms` below a second, then `12.3 s`. */
export const formatElapsed = (milliseconds: number): string =>
  milliseconds < 1000
    ? `${whole.format(milliseconds)} ms`
    : `${tenths.format(milliseconds / 1000)} s`;

/** Bytes as `8.1 MB`, in powers of ten as disks and providers count. */
export function formatBytes(bytes: number): string {
  if (bytes < 1e6) return `${whole.format(bytes / 1e3)} kB`;
  if (bytes < 1e9) return `${tenths.format(bytes / 1e6)} MB`;
  return `${tenths.format(bytes / 1e9)} GB`;
}

/** Milliseconds as `00:12:34`. */
export function formatClock(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** Decibels with a real minus sign and a fixed number of digits: `−17.4 dB`; below the scale, `−∞ dB`. */
export function formatDecibels(decibels: number): string {
  if (decibels <= -60) return '−∞ dB';
  const digits = Math.abs(decibels).toFixed(1);
  return `${decibels < 0 && digits !== '0.0' ? '−' : ''}${digits} dB`;
}
