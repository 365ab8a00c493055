/**
 * Calls `draw` when something is new: at once, but never twice within `intervalMs`, and not while it is out of sight. What
 * became new meanwhile is drawn when it is back.
 */
export class DrawPacer {
  readonly #draw: () => void;
  readonly #intervalMs: number;
  #isVisible = false;
  #isWanted = false;
  #drawnAt = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(draw: () => void, intervalMs: number) {
    this.#draw = draw;
    this.#intervalMs = intervalMs;
  }

  /** There is something new. */
  request(): void {
    this.#isWanted = true;
    this.#next();
  }

  setVisible(isVisible: boolean): void {
    this.#isVisible = isVisible;
    this.#next();
  }

  stop(): void {
    this.#isVisible = false;
    this.#next();
  }

  #next(): void {
    if (!this.#isVisible) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      return;
    }
    if (!this.#isWanted || this.#timer !== undefined) return;
    const wait = this.#drawnAt + this.#intervalMs - performance.now();
    if (wait <= 0) this.#now();
    else this.#timer = setTimeout(() => this.#now(), Math.ceil(wait));
  }

  #now(): void {
    this.#timer = undefined;
    this.#isWanted = false;
    this.#drawnAt = performance.now();
    this.#draw();
  }
}
