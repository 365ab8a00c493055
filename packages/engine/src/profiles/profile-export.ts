import { appError, reason } from '@tallylight/contract';
import { z } from 'zod';

const exportSchema = z.object({
  type: z.literal('tallylight-profiles'),
  version: z.literal(1),
  // How long they may be is said of each as it is saved.
  profiles: z.array(
    z.object({
      // One that lacks them is named by its number, and refused as one that is empty.
      name: z.string().trim().default(''),
      serverUrl: z.string().trim().default(''),
      streamKey: z.string().trim().optional(),
      user: z.string().trim().optional(),
      playUrl: z.string().trim().optional(),
      service: z.string().max(40).optional(),
    }),
  ),
});

const newerExportSchema = exportSchema.pick({ type: true }).extend({ version: z.number().min(2) });

/**
 * Profiles as they travel between machines. Keys, and tokens in URLs, are in it only when they were asked for, in clear;
 * passwords never are.
 */
export type ProfileExport = z.infer<typeof exportSchema>;

/** @throws AppError `INVALID_OPTION` when `value` is none, or one of a newer version. */
export function readProfileExport(value: unknown): ProfileExport {
  const parsed = exportSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { success: isNewer } = newerExportSchema.safeParse(value);
  throw appError('INVALID_OPTION', {
    reason: reason(isNewer ? 'import-newer' : 'import-without-profiles'),
  });
}
