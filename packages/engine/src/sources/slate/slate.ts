import type { AudioPacket, EncodedPacket } from 'node-rtmp-client';

/** A still picture, encoded once: a group of pictures that can be sent over and over. */
export interface Slate {
  readonly config: EncodedPacket;
  /** Begins with a keyframe, and is shown in the order in which it is decoded. Its times mean nothing. */
  readonly group: readonly EncodedPacket[];
  /** Frames per second. */
  readonly fps: number;
  /** The configuration of the sound that its silence is to be like; absent where it has none. */
  readonly sound?: AudioPacket;
}
