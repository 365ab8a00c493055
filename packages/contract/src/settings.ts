import { z } from 'zod';

export const engineKindSchema = z.enum(['webcodecs', 'mediarecorder', 'ffmpeg']);

export type EngineKind = z.infer<typeof engineKindSchema>;

/** What the window remembers between runs. */
export const settingsSchema = z.object({
  /** A device id, or one of the reserved ids below. */
  cameraId: z.string().max(512),
  microphoneId: z.string().max(512),
  width: z.number().int().min(16).max(7680),
  height: z.number().int().min(16).max(4320),
  /** Frames per second. */
  fps: z.number().min(1).max(240),
  /** Bits per second. */
  videoBitrate: z.number().int().min(50_000).max(100_000_000),
  audioBitrate: z.number().int().min(16_000).max(512_000),
  engine: engineKindSchema,
  profileId: z.string().max(128),
});

export type Settings = z.infer<typeof settingsSchema>;

/** Reserved device ids. */
export const testPictureId = 'test-picture';
export const testBeepId = 'test-beep';
export const noMicrophoneId = 'none';
