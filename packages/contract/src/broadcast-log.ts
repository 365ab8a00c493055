import { z } from 'zod';
import { appErrorSchema } from './errors.js';

/**
 * What can happen in a broadcast that is worth a line. `began` and `ended` are those of a show: what is only recorded has the
 * lines of its recording, `recording-over` where something else ended it. `on-air` and `off-air`: a show begins, or is over,
 * while a recording goes on. `destination-restarted`: one that was ended, or had failed, is begun again.
 */
export const broadcastEventTypes = [
  'began',
  'on-air',
  'off-air',
  'ended',
  'recording-over',
  'destination-added',
  'destination-removed',
  'destination-live',
  'destination-postponed',
  'destination-lost',
  'destination-back',
  'destination-failed',
  'destination-retried',
  'destination-restarted',
  'destination-ended',
  'destination-moved',
  'destination-silent',
  'recording-began',
  'recording-paused',
  'recording-resumed',
  'recording-continued',
  'recording-ended',
  'recording-failed',
  'replay-saved',
  'replay-failed',
  'bitrate-lowered',
  'bitrate-restored',
  'bitrate-limit',
  'source-away',
  'source-back',
] as const;

export type BroadcastEventType = (typeof broadcastEventTypes)[number];

/** One line of what happened. */
export const broadcastEventSchema = z.object({
  /** Milliseconds since the epoch. */
  at: z.number(),
  event: z.enum(broadcastEventTypes),
  /** The output that it happened to. */
  outputId: z.string().optional(),
  /** As people call it. */
  name: z.string().optional(),
  /** Those that it happened to together. */
  names: z.array(z.string()).optional(),
  /** Figures: `milliseconds`, `frames`, `bytes`, `bitrate` (bits per second), `files`; `url` without a key; `path`. */
  data: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  /** Why. */
  error: appErrorSchema.optional(),
});

export type BroadcastEvent = z.infer<typeof broadcastEventSchema>;

/** So many of the newest lines are kept. */
export const longestLog = 1_000;
