import { z } from 'zod';
import { wordingSchema } from './reasons.js';

export const cameraModeSchema = z.object({
  width: z.number(),
  height: z.number(),
  /** Frames per second, where the system tells them. */
  fps: z.array(z.number()).optional(),
  /** The driver's name of the pixel format or codec, such as `yuyv422` or `mjpeg`. */
  format: z.string(),
});

export const cameraSchema = z.object({
  /** What `--source camera:ID` takes. */
  id: z.string(),
  label: z.string(),
  modes: z.array(cameraModeSchema),
});

export const microphoneSchema = z.object({
  /** What `,mic:ID` takes. */
  id: z.string(),
  label: z.string(),
});

export const encoderSchema = z.object({
  /** ffmpeg's name of the encoder, such as `libx264`. */
  name: z.string(),
  hardware: z.boolean(),
  /** True when a trial encode of a few frames succeeded. */
  usable: z.boolean(),
  reason: wordingSchema.optional(),
});

export const deviceListSchema = z.object({
  cameras: z.array(cameraSchema),
  microphones: z.array(microphoneSchema),
});

export type CameraMode = z.infer<typeof cameraModeSchema>;
export type Camera = z.infer<typeof cameraSchema>;
export type Microphone = z.infer<typeof microphoneSchema>;
export type Encoder = z.infer<typeof encoderSchema>;
export type DeviceList = z.infer<typeof deviceListSchema>;
