/** The pictures that ffmpeg sends while it has the camera. */
export class LanePreview {
  readonly #listeners = new Set<(frame: ImageBitmap) => void>();

  /** Shows a JPEG; resolves when the next may come. */
  readonly show = async (jpeg: Uint8Array): Promise<void> => {
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

  onFrame(listener: (frame: ImageBitmap) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
