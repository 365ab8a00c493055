/** FLV 10.1 §E.4.1; the last one of Enhanced RTMP v2, "Enabling AMF3 in FLV". */
export const flvTagType = { audio: 8, video: 9, script: 18, scriptAmf3: 15 } as const;

/** "FLV", version, flags, length of itself (FLV 10.1 §E.2). */
export const fileHeaderLength = 9;

/** Type, size, timestamp and its extension, stream id. */
export const tagHeaderLength = 11;

/** Behind the file's header and each tag. */
export const previousTagSizeLength = 4;

/** What the file's header says there is. */
export const flvFlags = (hasVideo: boolean, hasAudio: boolean): number =>
  (hasAudio ? 4 : 0) | (hasVideo ? 1 : 0);

export interface FlvTagHeader {
  /** With the filter bit, which marks an encrypted tag. */
  readonly type: number;
  readonly bodyLength: number;
  /** Signed, of 32 bits. */
  readonly timestampMs: number;
  /** Always 0. */
  readonly streamId: number;
}

/** Reads a tag's header (FLV 10.1 §E.4.1) from bytes that have it whole. */
export function parseFlvTagHeader(bytes: Uint8Array, at = 0): FlvTagHeader {
  const byte = (index: number): number => bytes[at + index] ?? 0;
  return {
    type: byte(0),
    bodyLength: (byte(1) << 16) | (byte(2) << 8) | byte(3),
    timestampMs: (byte(7) << 24) | (byte(4) << 16) | (byte(5) << 8) | byte(6),
    streamId: (byte(8) << 16) | (byte(9) << 8) | byte(10),
  };
}

/** Follows the timestamps of a file beyond 32 bits: one that seems to lie half of them away has wrapped around. */
export class FlvClock {
  #last = 0;

  /** @returns milliseconds. */
  read({ timestampMs }: FlvTagHeader): number {
    this.#last += (timestampMs - this.#last) | 0;
    return this.#last;
  }
}
