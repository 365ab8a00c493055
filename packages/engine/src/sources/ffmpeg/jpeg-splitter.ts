const maxJpegBytes = 4 * 1024 * 1024;

/** Cuts a stream of JPEGs, one after the other, at their end markers. Bounded: what grows too large is discarded. */
export class JpegSplitter {
  #pieces: Uint8Array[] = [];
  #length = 0;
  #lastByte = 0;

  /** The pictures that `bytes` completed. */
  push(bytes: Uint8Array): Uint8Array[] {
    const pictures: Uint8Array[] = [];
    let start = 0;
    // In a JPEG's coded data each FF is followed by 00 or a restart marker, so FF D9 is its end. ffmpeg writes no
    // thumbnails, which could hold another.
    for (let at = bytes.indexOf(0xd9); at !== -1; at = bytes.indexOf(0xd9, at + 1)) {
      const before = at === 0 ? this.#lastByte : bytes[at - 1];
      if (before !== 0xff) continue;
      const picture = this.#finish(bytes.subarray(start, at + 1));
      // The tail of one that was discarded does not begin as a JPEG does.
      if (picture[0] === 0xff && picture[1] === 0xd8) pictures.push(picture);
      start = at + 1;
    }
    this.#keep(bytes.subarray(start));
    this.#lastByte = bytes.at(-1) ?? this.#lastByte;
    return pictures;
  }

  #finish(end: Uint8Array): Uint8Array {
    const picture = new Uint8Array(this.#length + end.length);
    let at = 0;
    for (const piece of [...this.#pieces, end]) {
      picture.set(piece, at);
      at += piece.length;
    }
    this.#pieces = [];
    this.#length = 0;
    return picture;
  }

  #keep(rest: Uint8Array): void {
    if (this.#length + rest.length > maxJpegBytes) {
      this.#pieces = [];
      this.#length = 0;
      return;
    }
    this.#pieces.push(rest);
    this.#length += rest.length;
  }
}
