import { DrawPacer } from './draw-pacer.js';
import type { GraphData, GraphShape } from './graph-data.js';
import type { GraphPlot } from './graph-plot.js';

export interface MountedGraphOptions {
  readonly shape: GraphShape;
  readonly read: () => GraphData;
  /** What draws it could not be loaded. */
  readonly onMissing: () => void;
}

const drawMs = 500;
/** Whoever wants nothing to move by itself gets a new picture now and then. */
const calmDrawMs = 5_000;

/** Whatever changes the colours. */
const looks = [
  '(prefers-color-scheme: light)',
  '(prefers-contrast: more)',
  '(forced-colors: active)',
];

/** A graph from when its box is there until that is taken away. */
export class MountedGraph {
  readonly #box: HTMLElement;
  readonly #options: MountedGraphOptions;
  readonly #pacer: DrawPacer;
  readonly #ended = new AbortController();
  readonly #seen: IntersectionObserver;
  readonly #sized = new ResizeObserver(() => this.#plot?.fit());
  #plot: GraphPlot | undefined;
  #isInView = false;

  constructor(box: HTMLElement, options: MountedGraphOptions) {
    this.#box = box;
    this.#options = options;
    const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.#pacer = new DrawPacer(
      () => this.#plot?.draw(options.read()),
      isCalm ? calmDrawMs : drawMs,
    );
    this.#seen = new IntersectionObserver((entries) => {
      this.#isInView = entries.at(-1)?.isIntersecting ?? false;
      this.#follow();
    });
    void this.#load();
  }

  /** There is something new. */
  request(): void {
    this.#pacer.request();
  }

  unmount(): void {
    this.#ended.abort();
    this.#seen.disconnect();
    this.#sized.disconnect();
    this.#pacer.stop();
    this.#plot?.destroy();
  }

  async #load(): Promise<void> {
    const { signal } = this.#ended;
    try {
      const { createPlot } = await import('./graph-plot.js');
      if (signal.aborted) return;
      this.#plot = createPlot(this.#box, this.#options.shape);
    } catch {
      // Such as where the browser shell's server is gone by now.
      if (!signal.aborted) this.#options.onMissing();
      return;
    }
    for (const look of looks) {
      matchMedia(look).addEventListener('change', () => this.#plot?.recolour(), { signal });
    }
    document.addEventListener('visibilitychange', () => this.#follow(), { signal });
    this.#pacer.request();
    this.#seen.observe(this.#box);
    this.#sized.observe(this.#box);
  }

  #follow(): void {
    this.#pacer.setVisible(this.#isInView && document.visibilityState === 'visible');
  }
}
