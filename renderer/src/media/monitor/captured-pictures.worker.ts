import { workerScope } from '../worker-scope.js';
import type { SeenPicture } from './picture-raster.js';
import { createPictureSampler, pictureClock } from './picture-sampler.js';

export interface CapturedPicturesOrder {
  readonly readable: ReadableStream<VideoFrame>;
  /** Width by height of what is encoded. */
  readonly shape: number;
}

/** Milliseconds from one picture that is looked at to the next, at least: some thirteen a second. */
const leastApartMs = 70;

const scope = workerScope<CapturedPicturesOrder, SeenPicture>();
scope.onMessage((order) => void watch(order));

async function watch({ readable, shape }: CapturedPicturesOrder): Promise<void> {
  const sampler = createPictureSampler();
  const reader = readable.getReader();
  let lookedAt = -Infinity;
  for (;;) {
    const { done, value: frame } = await reader.read();
    if (done) return;
    const at = pictureClock();
    if (at - lookedAt >= leastApartMs) {
      lookedAt = at;
      const size = { width: frame.displayWidth, height: frame.displayHeight };
      scope.postMessage(sampler.look(at, frame, size, shape));
    }
    frame.close();
  }
}
