import type { Messages } from './messages.js';

/** Bytes as `8.1 MB`, in powers of ten as disks and providers count. */
export function formatBytes(bytes: number, { number }: Pick<Messages, 'number'>): string {
  const tenths = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
  if (bytes < 1e6) return `${number(bytes / 1e3, { maximumFractionDigits: 0 })} kB`;
  if (bytes < 1e9) return `${number(bytes / 1e6, tenths)} MB`;
  return `${number(bytes / 1e9, tenths)} GB`;
}
