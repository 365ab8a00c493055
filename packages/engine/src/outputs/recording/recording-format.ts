import type { EncodedPacket, FlvPatch } from 'node-rtmp-client';
import type { StreamDescription } from '../stream-description.js';

/** What follows goes into a file of its own, once this is written over the one before. */
export interface NextFile {
  readonly patches: readonly FlvPatch[];
}

/** Bytes to append, some of which take a moment to be made; or the end of a file. */
export type RecordingPiece = Uint8Array | Promise<Uint8Array> | NextFile;

/** How a recording is written: a container, and nothing of files. Everything is to be appended in the order given. */
export interface RecordingFormat {
  /** @throws AppError where the container has no place for these codecs. */
  start(description: StreamDescription): readonly RecordingPiece[];
  /** The stream becomes another. @throws AppError as {@link start} does. */
  change(description: StreamDescription): void;
  /** @param packet with its times in microseconds, from zero where the file begins. */
  push(packet: EncodedPacket): readonly RecordingPiece[];
  /** What is left when no more will come. */
  end(): readonly RecordingPiece[];
  /** What is to be written over once all the rest is there. */
  patches(): readonly FlvPatch[];
}
