import type { DestinationStatus, ProgramLoad } from '@tallylight/contract';

/** What the fake program costs, half a second after half a second. */
export const fakeProgram = (tick: number): ProgramLoad => ({
  cpu: 0.38 + 0.05 * Math.sin(tick / 7),
  memoryBytes: 412_000_000 + 3_000_000 * Math.sin(tick / 40),
});

/** What a destination that is there has besides, where so much was dropped for want of a network. */
export const fakeDestinationFigures = (
  framesDropped: number,
): Pick<DestinationStatus, 'droppedBy' | 'queuedMs' | 'queuedBytes'> => ({
  droppedBy: { network: framesDropped, move: 0 },
  ...(framesDropped > 0
    ? { queuedMs: 640, queuedBytes: 198_000 }
    : { queuedMs: 12, queuedBytes: 4_200 }),
});
