import type { CameraMode, Encoding } from '@tallylight/contract';

/** What a camera is asked for. */
export interface AskedMode {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Frames per second. */
  readonly fps: number;
  /** The driver's pixel format or codec; its own choice by default. */
  readonly format?: string | undefined;
}

type Wanted = Pick<Encoding, 'width' | 'height' | 'fps'>;

/** Above this, USB 2 has no room for 30 uncompressed frames a second. */
const maxRawPixels = 640 * 480;

/** Pixels and frames that must be made up are worse than as many that are left out. */
const shortageWeight = 2;

/**
 * The mode to ask a camera for, which may not have what is wanted; encoding fits the picture to the size and the rate
 * that were chosen. Cameras are opened with a mode of theirs, because on macOS and Windows ffmpeg refuses any other, and
 * on Linux the driver takes one of its own choice.
 *
 * The nearest one by size and rate is taken, as browsers do. Where the system told no modes, what is wanted is asked for.
 */
export function modeFor(modes: readonly CameraMode[], wanted: Wanted): AskedMode {
  const { width, height, fps } = wanted;
  const [best, ...others] = [...modes].sort((a, b) => distance(a, wanted) - distance(b, wanted));
  if (!best) return { width, height, fps };
  const alike = [best, ...others].filter(
    (mode) => mode.width === best.width && mode.height === best.height,
  );
  const isLarge = best.width * best.height > maxRawPixels;
  const compressed = isLarge ? alike.find(({ format }) => format === 'mjpeg') : undefined;
  return {
    width: best.width,
    height: best.height,
    fps: nearestRate(compressed ?? best, fps),
    ...(compressed && { format: compressed.format }),
  };
}

/** 0 for what is wanted. */
const distance = (mode: CameraMode, { width, height, fps }: Wanted): number =>
  apart(mode.width, width) + apart(mode.height, height) + apart(nearestRate(mode, fps), fps);

const apart = (had: number, wanted: number): number =>
  (Math.abs(had - wanted) / Math.max(had, wanted)) * (had < wanted ? shortageWeight : 1);

/** All rates from the slowest to the fastest can be had; a mode that tells none has any. */
const nearestRate = ({ fps: rates = [] }: CameraMode, fps: number): number =>
  rates.length === 0 ? fps : Math.min(Math.max(fps, Math.min(...rates)), Math.max(...rates));
