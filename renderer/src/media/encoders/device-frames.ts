/** What Chromium counts on a camera's track (Media Capture Extensions, 9.1); elsewhere, and on other tracks, absent. */
interface TrackStats {
  /** Frames that were left out to keep the chosen rate. */
  readonly discardedFrames?: number;
  /** All that the device gave. */
  readonly totalFrames?: number;
}

/** The frames that a device gave so far to whoever reads `track`; undefined where nobody counts them. */
export function deviceFrames(track: object): number | undefined {
  const { stats } = track as { readonly stats?: TrackStats | null };
  const { totalFrames, discardedFrames = 0 } = stats ?? {};
  return totalFrames === undefined ? undefined : totalFrames - discardedFrames;
}
