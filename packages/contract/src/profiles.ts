import { z } from 'zod';

/** The id of the ready-made profile that publishes into Tallylight's own server. */
export const builtInProfileId = 'built-in-server';

/** Characters of a profile's name. */
export const longestProfileName = 80;

/** A saved destination as everybody may see it: without its key. */
export const profileSchema = z.object({
  id: z.string(),
  name: z.string(),
  /**
   * `rtmp://host[:port]/app`, without the stream key; of the built-in server only what can be said of it, in words, until
   * it runs.
   */
  serverUrl: z.string(),
  /** Whether it can be published with: a key is saved, or, for the built-in server, none is needed. */
  hasKey: z.boolean(),
  /** `built-in`: Tallylight's own server, which comes with it and cannot be changed. */
  kind: z.enum(['rtmp', 'built-in']),
});

export const profileInputSchema = z.object({
  /** Absent for a new profile. */
  id: z.string().optional(),
  name: z.string().trim().min(1).max(longestProfileName),
  serverUrl: z.string().trim().min(1).max(2048),
  /** Absent: the saved key stays. */
  streamKey: z.string().trim().max(1024).optional(),
});

export type Profile = z.infer<typeof profileSchema>;
export type ProfileInput = z.infer<typeof profileInputSchema>;
