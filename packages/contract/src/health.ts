import { z } from 'zod';

/** How a broadcast goes, judged over the last ten seconds so that it can recover. */
export const healthSchema = z.object({
  level: z.enum(['good', 'fair', 'poor']),
  /**
   * Where frames are missing, on their way from the device to the servers. `source`: in camera or encoder, it cannot be
   * told. `reconnecting`, `silent` and `failed`: a destination is.
   */
  cause: z.enum([
    'none',
    'camera',
    'computer',
    'source',
    'network',
    'reconnecting',
    'silent',
    'failed',
  ]),
  /** Frames a second that a server gets, and that the device gives where that is known. */
  fps: z.number(),
  cameraFps: z.number().optional(),
  /** Share of the frames that the network cost, 0 to 1. */
  droppedRatio: z.number(),
  /** Share of the frames that this computer was too slow for, 0 to 1. */
  lostRatio: z.number(),
  /** Since when it has been at this level, in milliseconds since the epoch. */
  since: z.number(),
});

export type Health = z.infer<typeof healthSchema>;
