/**
 * What viewers read while the program has no picture. It is drawn (scripts/draw-slate.mjs), for many an ffmpeg finds no
 * font: whoever changes it draws it anew.
 */
export const slate = { words: 'Back in a moment' } as const;
