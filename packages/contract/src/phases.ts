import { z } from 'zod';
import { wordingSchema } from './reasons.js';

/** The phases of going live, in their order. The first two belong to capture, the rest to each destination. */
export const capturePhases = ['camera', 'encoder'] as const;
export const destinationPhases = [
  'dns',
  'tcp',
  'tls',
  'handshake',
  'connect',
  'publish',
  'acknowledged',
  'stable',
] as const;

export const phaseSchema = z.enum([...capturePhases, ...destinationPhases]);

export type Phase = z.infer<typeof phaseSchema>;
export type CapturePhase = (typeof capturePhases)[number];
export type DestinationPhase = (typeof destinationPhases)[number];

const destinationPhaseNames: ReadonlySet<string> = new Set(destinationPhases);

/** Whether a destination goes through a phase of this name; the library knows some that are of no concern here. */
export const isDestinationPhase = (phase: string): phase is DestinationPhase =>
  destinationPhaseNames.has(phase);

/** One line of the go-live checklist. */
export const stepSchema = z.object({
  phase: phaseSchema,
  state: z.enum(['pending', 'active', 'done', 'failed', 'skipped']),
  /** Milliseconds from the start of the phase to its end. */
  elapsedMs: z.number().optional(),
  /** A short fact worth showing, such as "30 fps" or the application's name. */
  detail: wordingSchema.optional(),
});

export type Step = z.infer<typeof stepSchema>;
