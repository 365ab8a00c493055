/** Fits frames of another size into the chosen one, with black bars where the shape differs. */
export class FrameScaler {
  readonly #width: number;
  readonly #height: number;
  #canvas: OffscreenCanvas | undefined;

  constructor(width: number, height: number) {
    this.#width = width;
    this.#height = height;
  }

  /** Takes over `frame`; the returned frame is the caller's to close. A frame that fits already is returned as it is. */
  fit(frame: VideoFrame): VideoFrame {
    const { displayWidth, displayHeight, timestamp } = frame;
    if (displayWidth === this.#width && displayHeight === this.#height) return frame;
    this.#canvas ??= new OffscreenCanvas(this.#width, this.#height);
    const context = this.#canvas.getContext('2d', { alpha: false, willReadFrequently: true });
    if (!context) return frame;
    const scale = Math.min(this.#width / displayWidth, this.#height / displayHeight);
    const width = displayWidth * scale;
    const height = displayHeight * scale;
    context.fillRect(0, 0, this.#width, this.#height);
    context.drawImage(frame, (this.#width - width) / 2, (this.#height - height) / 2, width, height);
    frame.close();
    return new VideoFrame(this.#canvas, { timestamp });
  }
}
