import { z } from 'zod';

/** How a broadcast goes, judged over the last ten seconds so that it can recover. */
export const healthSchema = z.object({
  /** Where it is `good` no cause is a fault, whatever is named: so little is missing that nobody notices. */
  level: z.enum(['good', 'fair', 'poor']),
  /**
   * Where frames are missing, on their way from the device to the servers. `source`: in camera or encoder, it cannot be
   * told. `sound`: the sound is too far behind the picture. `reconnecting`, `silent` and `failed`: a destination is. `away`: within the measured time one was, and is back.
   */
  cause: z.enum([
    'none',
    'camera',
    'computer',
    'source',
    'sound',
    'network',
    'reconnecting',
    'silent',
    'failed',
    'away',
  ]),
  /** What the rates and shares are of: the last so many milliseconds on air, about ten seconds once there were as many. */
  measuredMs: z.number(),
  /** The level is still that of what is over: by now it could be `good`, and it is watched whether that lasts. */
  isRecovering: z.boolean().optional(),
  /** Frames a second that a server gets, and that the device gives where that is known. */
  fps: z.number(),
  cameraFps: z.number().optional(),
  /** Share of the frames that the network cost, 0 to 1. */
  droppedRatio: z.number(),
  /** Share of the frames that this computer was too slow for, 0 to 1. */
  lostRatio: z.number(),
  /** How far the sound is behind the picture, in milliseconds of media time, where that is known. */
  soundBehindMs: z.number().optional(),
  /** Since when it has been at this level, in milliseconds since the epoch. */
  since: z.number(),
});

export type Health = z.infer<typeof healthSchema>;
