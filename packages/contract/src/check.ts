import { z } from 'zod';
import { appErrorSchema } from './errors.js';
import { wordingSchema } from './reasons.js';

/** What a check of a destination goes through, in this order; from `publish` on only where that is wanted. */
export const checkPhases = [
  ...(['dns', 'tcp', 'tls', 'handshake', 'connect', 'publish'] as const),
  ...(['upload', 'stable'] as const),
] as const;

export type CheckPhase = (typeof checkPhases)[number];

const checkStepSchema = z.object({
  phase: z.enum(checkPhases),
  state: z.enum(['pending', 'active', 'done', 'failed', 'skipped']),
  elapsedMs: z.number().optional(),
  detail: wordingSchema.optional(),
});

export type CheckStep = z.infer<typeof checkStepSchema>;

/** The upload that was measured, in bits per second. */
export const uploadSchema = z.object({
  bitrate: z.number(),
  /** What can be sent for long, of picture and sound together. */
  recommended: z.number(),
  /** More was not tried. */
  isCapped: z.boolean(),
  /** The server tells nothing of what it got: what has left is what was counted. */
  isRough: z.boolean(),
});

export type Upload = z.infer<typeof uploadSchema>;

/** How many seconds of upload can be measured; those at the beginning count for nothing. */
export const measureSeconds = { least: 5, usual: 10, most: 60 } as const;

/** Of a certificate that ends sooner it is worth a word, in days. */
export const certificateWarningDays = 14;

const certificateSchema = z.object({
  /** When it ends, in milliseconds since the epoch. */
  validTo: z.number(),
});

export const checkSnapshotSchema = z.object({
  state: z.enum(['running', 'done', 'failed']),
  steps: z.array(checkStepSchema),
  /** What it sends can be seen; a service with a way to test shows it to nobody. */
  isPublic: z.boolean(),
  warnings: z.array(appErrorSchema),
  certificate: certificateSchema.optional(),
  upload: uploadSchema.optional(),
  error: appErrorSchema.optional(),
});

export type CheckSnapshot = z.infer<typeof checkSnapshotSchema>;

export const checkInputSchema = z.object({
  /** A profile that is saved; what `typed` does not have is taken from it. */
  id: z.string().max(128).optional(),
  /** What is being edited. */
  typed: z
    .object({
      serverUrl: z.string().max(2048),
      streamKey: z.string().max(1024).optional(),
      user: z.string().max(256).optional(),
      password: z.string().max(1024).optional(),
      service: z.string().max(40).optional(),
    })
    .optional(),
  /** Publishes, for as long as the upload is measured. */
  publish: z.boolean(),
});

export type CheckInput = z.infer<typeof checkInputSchema>;
