import { z } from 'zod';

/** Where others publish to, so that a window can send on what they publish. */
export const streamAddressSchema = z.object({
  /** The whole address, for programs that take one. */
  url: z.string(),
  /** The same in two, as OBS and phones want it. */
  serverUrl: z.string(),
  streamKey: z.string(),
});

export const streamInputSchema = z.object({
  /** Absent until it was opened. */
  address: streamAddressSchema.optional(),
  /** Whether somebody publishes there. */
  isPublished: z.boolean(),
});

export type StreamAddress = z.infer<typeof streamAddressSchema>;
export type StreamInput = z.infer<typeof streamInputSchema>;
