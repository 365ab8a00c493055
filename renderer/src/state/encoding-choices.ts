import type { EngineKind } from '@tallylight/contract';
import type { PictureSize } from '../media/media-engine.js';
import type { WindowMessages } from '@tallylight/messages/window';

export interface Choice {
  readonly value: string;
  readonly label: string;
  /** What stands over it and others, where there is something to be said of them. */
  readonly group?: string | undefined;
}

export const engineNames: Record<EngineKind, string> = {
  webcodecs: 'WebCodecs',
  mediarecorder: 'MediaRecorder',
  ffmpeg: 'ffmpeg',
};

const resolutions = [
  [1920, 1080],
  [1600, 900],
  [1280, 720],
  [960, 540],
  [854, 480],
  [640, 360],
] as const;
const frameRates = [60, 50, 30, 25, 24, 15];
const kilobits = [
  ...[500, 800, 1000, 1500, 2000, 2500, 3000, 4000, 5000, 6000, 8000, 10_000, 12_000],
  ...[15_000, 20_000, 30_000, 40_000, 50_000],
];

export const resolutionValue = (width: number, height: number): string => `${width}x${height}`;
export const resolutionLabel = (width: number, height: number): string => `${width}×${height}`;

/** The usual resolutions, and the current one where it is none of them; what the camera is too small for says so. */
export function resolutionChoices(
  { width, height }: PictureSize,
  largest: PictureSize | undefined,
  { t }: WindowMessages,
): Choice[] {
  const choice = (w: number, h: number): Choice => ({
    value: resolutionValue(w, h),
    label: resolutionLabel(w, h),
    ...(largest &&
      w > largest.width &&
      h > largest.height && {
        group: t('window.sources.enlarged', {
          largest: resolutionLabel(largest.width, largest.height),
        }),
      }),
  });
  return withCurrent(
    resolutions.map(([w, h]) => choice(w, h)),
    choice(width, height),
  );
}

export function parseResolution(value: string): { width: number; height: number } | undefined {
  const match = /^(\d+)x(\d+)$/.exec(value);
  return match ? { width: Number(match[1]), height: Number(match[2]) } : undefined;
}

export function frameRateChoices(fps: number): Choice[] {
  return withCurrent(frameRates.map(numberChoice), numberChoice(fps));
}

/** Values are in kbit/s. */
export function bitrateChoices(bitsPerSecond: number, { t, number }: WindowMessages): Choice[] {
  const choice = (value: number): Choice => ({
    value: String(value),
    label: t('window.numbers.kilobits', { value: number(value) }),
  });
  const current = bitsPerSecond / 1000;
  // What a check has measured, or a slider was moved to, has its place among the usual ones.
  return [...new Set([...kilobits, current])].toSorted((a, b) => a - b).map(choice);
}

const numberChoice = (value: number): Choice => ({ value: String(value), label: String(value) });

const withCurrent = (usual: Choice[], current: Choice): Choice[] =>
  usual.some(({ value }) => value === current.value) ? usual : [current, ...usual];
