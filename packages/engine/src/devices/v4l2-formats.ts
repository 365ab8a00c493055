import type { CameraMode } from '@tallylight/contract';

/**
 * The formats that ffmpeg can use, from `-f v4l2 -list_formats all`. Lines read
 * `… Raw : yuyv422 : YUYV 4:2:2 : 640x480 1280x720`; stepwise sizes, `{16-4096, 2}x{…}`, give no modes to choose from.
 */
export function parseV4l2Formats(stderr: string): CameraMode[] {
  const modes = new Map<string, CameraMode>();
  for (const line of stderr.split('\n')) {
    const match = /(?:Raw|Compressed)\s*:\s*(\S+)\s*:\s*.*?\s*:\s*([\d{].*)$/.exec(line);
    const format = match?.[1];
    if (format === undefined || format === 'Unsupported') continue;
    for (const [, width, height] of match?.[2]?.matchAll(/\b(\d+)x(\d+)\b/g) ?? []) {
      // The same pixel format is listed once for each of its variants.
      modes.set(`${format} ${width}x${height}`, {
        width: Number(width),
        height: Number(height),
        format,
      });
    }
  }
  return [...modes.values()];
}

/** True when the listing is a camera's at all, with whatever formats. */
export const hasV4l2Formats = (stderr: string): boolean =>
  /(?:Raw|Compressed)\s*:\s*\S+\s*:/.test(stderr);
