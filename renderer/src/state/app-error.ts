import { appErrorSchema, describeError, type AppErrorInfo } from '@tallylight/contract';

const own = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && key in value
    ? (value as Record<string, unknown>)[key]
    : undefined;

/**
 * What to tell people about anything that was thrown. Errors of the contract carry their info as `data`, those of
 * capture and transport as `info`; they are recognised by their shape, since classes do not cross boundaries.
 */
export function toAppErrorInfo(error: unknown): AppErrorInfo {
  for (const candidate of [error, own(error, 'data'), own(error, 'info')]) {
    const parsed = appErrorSchema.safeParse(candidate);
    if (parsed.success) return parsed.data;
  }
  const reason = error instanceof Error ? error.message : String(error);
  return describeError('INTERNAL', { reason });
}
