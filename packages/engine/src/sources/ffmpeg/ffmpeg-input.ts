/** One `-i` of ffmpeg and what comes out of it. */
export interface FfmpegInput {
  /** Up to and including `-i`. */
  readonly args: readonly string[];
  readonly video: boolean;
  readonly audio: boolean;
  /** Which of its tracks are sent, by their places among all; the first of each kind where absent. */
  readonly tracks?: {
    readonly video: number | undefined;
    readonly audio: number | undefined;
  };
  /**
   * The clock of its timestamps. Inputs of different clocks cannot be lined up, so that a test signal beside a device
   * is put on the wall clock too. `own` starts at zero, or is the only input.
   */
  readonly clock: 'own' | 'wall';
}

/** Sound that waits while the picture is encoded: ffmpeg's own 8 packets are soon full, and the device overruns. */
export const soundQueue = ['-thread_queue_size', '1024'] as const;

/** Few pictures: they may be of some megabytes each, and a driver that has to wait drops the next ones itself. */
export const pictureQueue = ['-thread_queue_size', '16'] as const;
