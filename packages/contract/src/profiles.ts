import { z } from 'zod';

/** The id of the ready-made profile that publishes into Tallylight's own server. */
export const builtInProfileId = 'built-in-server';

/** What it is called in each language; no other profile may be called so in any, and each means it in every one. */
// eslint-disable-next-line tallylight/no-sentences -- A name by which it is found, not one that is shown.
export const builtInProfileNames = ['Built-in server', '内置服务器'] as const;

/** How many characters each field of a profile may have. */
export const longestProfileValues = {
  name: 80,
  serverUrl: 2048,
  streamKey: 1024,
  user: 256,
  password: 1024,
  playUrl: 2048,
} as const;

export type ProfileField = keyof typeof longestProfileValues;

/** A saved destination as everybody may see it: without its key. */
export const profileSchema = z.object({
  id: z.string(),
  name: z.string(),
  /**
   * What is edited: `rtmp://host[:port]/app`, without the stream key, but for its query it may hold a token. Of the
   * built-in server it is empty until it runs.
   */
  serverUrl: z.string(),
  /** What may be shown of it; empty with it. */
  shownUrl: z.string(),
  /** Whether a key is saved, or, for the built-in server, none is needed. */
  hasKey: z.boolean(),
  /** For servers that ask who publishes. */
  user: z.string().optional(),
  /** Whether a password is saved. */
  hasPassword: z.boolean(),
  /** Where viewers get it, where that is not where it is published; it may hold a token. */
  playUrl: z.string().optional(),
  /** The id of the preset that it was made from; a service is recognized by its host before. */
  service: z.string().optional(),
  /** `built-in`: Tallylight's own server, which comes with it and cannot be changed. */
  kind: z.enum(['rtmp', 'built-in']),
});

export const profileInputSchema = z.object({
  /** Absent for a new profile. */
  id: z.string().optional(),
  name: z.string().trim().min(1).max(longestProfileValues.name),
  serverUrl: z.string().trim().min(1).max(longestProfileValues.serverUrl),
  /** Absent: the saved key stays. */
  streamKey: z.string().trim().max(longestProfileValues.streamKey).optional(),
  /** Absent: the saved one stays. Empty: there is none. */
  user: z.string().trim().max(longestProfileValues.user).optional(),
  /** Absent: the saved one stays. Empty: there is none. */
  password: z.string().max(longestProfileValues.password).optional(),
  /** As {@link playWayOf} knows it. Absent: the saved one stays. Empty: there is none. */
  playUrl: z.string().trim().max(longestProfileValues.playUrl).optional(),
  /** A preset's id. Absent: the saved one stays. */
  service: z.string().max(40).optional(),
});

export type Profile = z.infer<typeof profileSchema>;
export type ProfileInput = z.infer<typeof profileInputSchema>;
