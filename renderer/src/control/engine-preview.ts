/** Without a picture for this long, its sound is over too. */
const staleMs = 500;

/** The pictures, and the sound's level, that ffmpeg sends while it has the camera. */
export class EnginePreview {
  readonly #listeners = new Set<(frame: ImageBitmap) => void>();
  #peakDb = -Infinity;
  #heardAt = -Infinity;

  /** Shows a JPEG; resolves when the next may come. */
  readonly show = async (jpeg: Uint8Array, peakDb: number): Promise<void> => {
    this.#peakDb = peakDb;
    this.#heardAt = performance.now();
    if (this.#listeners.size === 0) return;
    try {
      const frame = await createImageBitmap(
        new Blob([new Uint8Array(jpeg)], { type: 'image/jpeg' }),
      );
      for (const listener of this.#listeners) listener(frame);
      frame.close();
    } catch {
      // One broken picture is not worth a word; the next comes in a moment.
    }
  };

  /** How loud the sound was around the last picture: dBFS, -Infinity for silence. */
  readonly peakDb = (): number =>
    performance.now() - this.#heardAt > staleMs ? -Infinity : this.#peakDb;

  onFrame(listener: (frame: ImageBitmap) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
