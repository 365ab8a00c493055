/** One `-i` of ffmpeg and what comes out of it. */
export interface FfmpegInput {
  /** Up to and including `-i`. */
  readonly args: readonly string[];
  readonly video: boolean;
  readonly audio: boolean;
  /**
   * The clock of its timestamps. Inputs of different clocks cannot be lined up, so that a test signal beside a device
   * is put on the wall clock too. `own` starts at zero, or is the only input.
   */
  readonly clock: 'own' | 'wall';
}

/** Packets that wait for the other input, which may be a second behind while its device opens. ffmpeg's own 8 drop. */
export const queueArgs = ['-thread_queue_size', '1024'] as const;
