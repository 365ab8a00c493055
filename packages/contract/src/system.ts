import { z } from 'zod';
import { appErrorSchema } from './errors.js';

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
  secrets: z.object({
    /** `system`: the operating system's secret store; `key-file`: a key file of mode 0600, which is weaker. */
    protection: z.enum(['system', 'key-file']),
    /** A sentence for people. */
    description: z.string(),
  }),
  /** What went wrong before the window opened, such as a settings file that had to be set aside. */
  notices: z.array(appErrorSchema),
});

export type SystemInfo = z.infer<typeof systemInfoSchema>;
