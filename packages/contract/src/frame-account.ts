import { z } from 'zod';

/**
 * Video frames on their way from the device into the stream, as running totals of one instant. What the device gave, and
 * what was repeated, is surplus, or lost at one of these places, or encoded, or still inside the encoder.
 */
export const frameAccountSchema = z.object({
  /** Milliseconds that it has been counted for. */
  elapsedMs: z.number(),
  /** What the device gave. */
  offered: z.number(),
  /** One too many for the chosen rate. */
  surplus: z.number(),
  lost: z.object({
    /** Not read in time: the window was too slow. */
    reading: z.number(),
    /** Refused or left out by an encoder that could not keep up. */
    encoder: z.number(),
    /** There was no room on the way to the engine. */
    channel: z.number(),
  }),
  /** Shown again where the device gave none in time; absent where none ever is. */
  repeated: z.number().optional(),
  encoded: z.number(),
});

export type FrameAccount = z.infer<typeof frameAccountSchema>;

/** Frames that were lost before they were part of the stream, wherever it was. */
export const lostFrames = ({ lost }: Pick<FrameAccount, 'lost'>): number =>
  lost.reading + lost.encoder + lost.channel;
