import { z } from 'zod';
import { appErrorSchema } from './errors.js';
import { wordingSchema } from './reasons.js';

/** What protects stream keys at rest. */
export const secretProtectionSchema = z.discriminatedUnion('type', [
  /** The operating system's secret store. */
  z.object({ type: z.literal('system') }),
  /** A key file of mode 0600, which is weaker. */
  z.object({
    type: z.literal('key-file'),
    /** Why there is no better. */
    why: wordingSchema,
    /** The new name of an earlier key file that was damaged: saved keys must be entered again. */
    setAside: z.string().optional(),
  }),
]);

export type SecretProtection = z.infer<typeof secretProtectionSchema>;

export const systemInfoSchema = z.object({
  version: z.string(),
  shell: z.enum(['electron', 'browser']),
  platform: z.string(),
  ffmpeg: z.discriminatedUnion('found', [
    z.object({
      found: z.literal(true),
      /** Where it was found: `environment`, `bundled`, `ffmpeg-static`, `path` or `ffmpeg-installer`. */
      origin: z.string(),
      version: z.string(),
    }),
    z.object({ found: z.literal(false), error: appErrorSchema }),
  ]),
  secrets: secretProtectionSchema,
  /** What went wrong before the window opened, such as a settings file that had to be set aside. */
  notices: z.array(appErrorSchema),
});

export type SystemInfo = z.infer<typeof systemInfoSchema>;
