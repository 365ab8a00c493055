import { z } from 'zod';

/** What the whole program costs the machine: this process and every one that belongs to it, such as ffmpeg. */
export const programLoadSchema = z.object({
  /** Over the last seconds; 1: as much as one core can do. */
  cpu: z.number(),
  /** Resident, in bytes. What processes share is counted for each of them. */
  memoryBytes: z.number(),
});

export type ProgramLoad = z.infer<typeof programLoadSchema>;

/** Video frames that never left to a server that was there, by why. */
export const dropCauses = ['network', 'move'] as const;

export type DropCause = (typeof dropCauses)[number];

export const droppedBySchema = z.object({
  /** They waited for too long, since the server or the way to it is slow. */
  network: z.number(),
  /** The server had asked to go on elsewhere, and until that server had the stream, nobody took them. */
  move: z.number(),
});

export type DroppedBy = z.infer<typeof droppedBySchema>;
