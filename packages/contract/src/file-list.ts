import { z } from 'zod';
import { appErrorSchema } from './errors.js';

/** How many files a list holds at most. */
export const maxListedFiles = 500;

/** A file of the list that is played in place of a camera. */
export const listedFileSchema = z.object({
  id: z.string(),
  /** Without its folder. */
  name: z.string(),
  /** Milliseconds; absent where the file does not tell, or nobody has looked yet. */
  durationMs: z.number().optional(),
  /** Bytes. */
  size: z.number().optional(),
  /** Pixels. */
  width: z.number().optional(),
  height: z.number().optional(),
  /** Frames per second; absent where the file does not tell. */
  fps: z.number().optional(),
  /** By ffmpeg's names, such as `h264`; without sound there is none. */
  videoCodec: z.string().optional(),
  audioCodec: z.string().optional(),
  /** Whether it can be sent as it is, without encoding. Absent until somebody has looked. */
  canCopy: z.boolean().optional(),
  /** Why it cannot be played, or was not played to its end. */
  error: appErrorSchema.optional(),
});

/** Which file is on, and where. */
export const filePlaybackSchema = z.object({
  id: z.string(),
  positionMs: z.number(),
  /** Viewers see a slate, and hear nothing. */
  isPaused: z.boolean(),
  /** It is sent as it is: what is chosen holds from the next file on. */
  isCopied: z.boolean().optional(),
});

/** How a list is played; what is changed on air holds from the next file on. */
export const fileOptionsSchema = z.object({
  /** Begin again at the end, for ever. */
  repeat: z.boolean(),
  /** Send each file that can be as it is; the others are encoded. */
  copy: z.boolean(),
});

/** Files that are played one after the other. */
export const fileListSchema = fileOptionsSchema.extend({
  /** In the order in which they are played. */
  files: z.array(listedFileSchema),
  /** Absent while none is on. */
  playback: filePlaybackSchema.optional(),
});

export const addFilesSchema = z.object({
  paths: z.array(z.string().min(1).max(4096)).min(1).max(maxListedFiles),
});

export const moveFileSchema = z.object({
  id: z.string(),
  /** Its new place, counted from 0; beyond the end is the end. */
  to: z.number().int().min(0),
});

export const seekSchema = z.object({ positionMs: z.number().min(0) });

export type ListedFile = z.infer<typeof listedFileSchema>;
export type FilePlayback = z.infer<typeof filePlaybackSchema>;
export type FileOptions = z.infer<typeof fileOptionsSchema>;
export type FileListState = z.infer<typeof fileListSchema>;
