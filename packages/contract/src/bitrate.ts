import { z } from 'zod';
import { encodingFields } from './encoding.js';

/**
 * Whom the bitrate of the picture is lowered for, where several are sent to: the slowest of all; the first one alone; the
 * slowest, but not one that takes less than half of what the best one takes, which loses frames instead.
 */
export const bitratePolicySchema = z.enum(['protect-all', 'protect-first', 'drop-slowest']);

export type BitratePolicy = z.infer<typeof bitratePolicySchema>;

export const defaultBitratePolicy: BitratePolicy = 'drop-slowest';

/** The same, or that it is never lowered. */
export const bitrateAdaptationSchema = z.enum(['off', ...bitratePolicySchema.options]);

export type BitrateAdaptation = z.infer<typeof bitrateAdaptationSchema>;

/** What the encoder of the picture is asked for. Bits per second. */
export const pictureBitrateSchema = z.object({
  /** By now. */
  asked: z.number(),
  /** What the user wants, which is never exceeded. */
  limit: encodingFields.videoBitrate,
  adaptation: bitrateAdaptationSchema,
  /** Outputs for which it is lower: the network to them is slow. */
  loweredFor: z.array(z.string()),
  /** Outputs to which the network is slower than that, and which lose frames. */
  overruled: z.array(z.string()),
});

export type PictureBitrate = z.infer<typeof pictureBitrateSchema>;
