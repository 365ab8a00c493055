/** How long flash and beep last, in seconds. */
export const pulseSeconds = 0.1;

/**
 * When the pulse of a full second starts, in seconds: with the first frame that is not before the second, so that flash
 * and beep start at the same instant at any frame rate.
 */
export function pulseStart(second: number, fps: number): number {
  return Math.ceil(second * fps - 1e-6) / fps;
}

/** True while the flash is to be seen and the beep to be heard. `time` in seconds. */
export function isPulse(time: number, fps: number): boolean {
  const tolerance = 1e-6;
  const since = time + tolerance - pulseStart(Math.floor(time + tolerance), fps);
  return since >= 0 && since < pulseSeconds;
}
