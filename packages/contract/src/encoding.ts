import { z } from 'zod';

/** H.264 as everybody decodes it has a colour sample for each two by two pixels: sizes are even. */
const pixels = z.number().int().min(16).multipleOf(2);

/** What can be encoded, field by field: settings, options and the start of a broadcast accept the same. */
export const encodingFields = {
  width: pixels.max(7680),
  height: pixels.max(4320),
  /** Frames per second. */
  fps: z.number().min(1).max(240),
  /** Bits per second. */
  videoBitrate: z.number().int().min(50_000).max(100_000_000),
  audioBitrate: z.number().int().min(16_000).max(512_000),
};

export const encodingSchema = z.object({
  ...encodingFields,
  /** Seconds between keyframes. */
  keyframeInterval: z.number().min(0.25).max(20),
  /** ffmpeg's name of the video encoder; absent: the best that works. */
  encoder: z.string().max(64).optional(),
});

export type Encoding = z.infer<typeof encodingSchema>;
