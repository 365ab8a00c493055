import { VideoTrackEncoder } from '../../src/media/encoders/webcodecs/video-track-encoder.js';
import { chooseConfiguration } from '../../src/media/encoders/webcodecs/h264-configuration.js';
import type { EncoderOptions } from '../../src/media/encoders/webcodecs/worker-messages.js';

/** What is asked of the encoder just before a frame of this number. */
export interface EncoderOrder {
  readonly frame: number;
  /** Bits per second. */
  readonly bitrate?: number;
  readonly keyframe?: true;
}

export interface EncoderRun {
  readonly options: EncoderOptions;
  readonly frames: number;
  readonly orders: readonly EncoderOrder[];
}

export interface EncoderRunResult {
  /** Encoders that the browser was asked for. */
  readonly encoders: number;
  readonly dropped: number;
  readonly configurations: number;
  readonly frames: readonly {
    readonly number: number;
    readonly keyframe: boolean;
    readonly bytes: number;
  }[];
  readonly errors: readonly string[];
}

/** Fewer than those at which an encoder is taken to be too slow. */
const maxInside = 4;

/**
 * Runs the product's encoder on a moving picture without a camera: the next frame comes when the encoder is ready for it,
 * so what is measured in media time does not depend on the machine.
 */
export async function runEncoder(run: EncoderRun): Promise<EncoderRunResult> {
  const { options } = run;
  const configuration = await chooseConfiguration(options);
  const made = countEncoders();
  const frames: EncoderRunResult['frames'][number][] = [];
  const errors: string[] = [];
  const failed = (): boolean => errors.length > 0;
  let configurations = 0;
  let dropped = 0;
  let progress: () => void = () => undefined;
  const encoder = new VideoTrackEncoder(configuration, options, {
    onConfiguration: () => (configurations += 1),
    onFrame: ({ pts, keyframe, byteLength }) => {
      const number = Math.round((pts * options.fps) / 1e6);
      frames.push({ number, keyframe, bytes: byteLength });
      progress();
    },
    onDropped: (count) => {
      dropped += count;
      progress();
    },
    onError: (error) => {
      errors.push(String(error));
      progress();
    },
  });
  const picture = movingPicture(options);
  for (let number = 0; number < run.frames && !failed(); number++) {
    for (const order of run.orders.filter(({ frame }) => frame === number)) {
      if (order.bitrate !== undefined) encoder.setBitrate(order.bitrate);
      if (order.keyframe) encoder.requestKeyframe();
    }
    encoder.encode(picture(number), (number * 1e6) / options.fps);
    while (number + 1 - frames.length - dropped > maxInside && !failed()) {
      await new Promise<void>((resolve) => (progress = resolve));
    }
  }
  await encoder.finish();
  made.restore();
  return { encoders: made.count(), dropped, configurations, frames, errors };
}

function countEncoders(): { count: () => number; restore: () => void } {
  const original = globalThis.VideoEncoder;
  let count = 0;
  globalThis.VideoEncoder = class extends original {
    constructor(init: VideoEncoderInit) {
      super(init);
      count += 1;
    }
  };
  return { count: () => count, restore: () => (globalThis.VideoEncoder = original) };
}

/** Grey blocks that are others in each frame: more than any of the bitrates can carry. */
function movingPicture({ width, height }: EncoderOptions): (number: number) => VideoFrame {
  const block = 8;
  const columns = Math.ceil(width / block);
  const greys = Uint8Array.from({ length: 65_521 }, () => 108 + Math.random() * 40);
  const bytes = new Uint8Array((width * height * 3) / 2).fill(128);
  return (number) => {
    for (let y = 0; y < height; y++) {
      const row = Math.floor(y / block) * columns + number * 7919;
      for (let x = 0; x < width; x++) {
        bytes[y * width + x] = greys[(row + Math.floor(x / block)) % greys.length] ?? 0;
      }
    }
    return new VideoFrame(bytes, {
      format: 'I420',
      codedWidth: width,
      codedHeight: height,
      timestamp: number,
    });
  };
}
