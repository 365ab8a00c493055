import type { Encoding, FrameAccount, Wording } from '@tallylight/contract';

export interface WindowSourceOptions {
  /** The number of the `begin` message behind which this broadcast's media comes. */
  readonly captureId: number;
  /** `packets`: coded frames, one a message. `matroska`: the pieces of a file that MediaRecorder writes. */
  readonly format: 'packets' | 'matroska';
  readonly hasAudio: boolean;
  /** For MediaRecorder: its sound comes uncompressed, its frames with the times at which the browser got them. */
  readonly encoding: Pick<Encoding, 'audioBitrate' | 'fps'>;
  /** What people call it; "the window" where absent. */
  readonly name?: Wording;
  /** A window that shows no picture for this long has failed; 10 where absent. */
  readonly stallSeconds?: number;
  /** Called when it begins to read the channel, so that nobody else does. */
  readonly onOpen?: () => void;
}

/** What comes beside the media. */
export interface WindowEvents {
  readonly onAccount: (account: FrameAccount) => void;
}
