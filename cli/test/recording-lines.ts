import type { JsonLine } from './run-cli.js';

/** Small, with a keyframe a second. */
export const smallPicture = [
  ...['--source', 'test', '--size', '160x90', '--fps', '30', '--keyframe-interval', '1'],
];

/** Whether a line tells of an error for that reason. */
export const isError =
  (reason: string) =>
  (line: JsonLine): boolean =>
    line.type === 'error' && JSON.stringify(line).includes(`"${reason}"`);

/** How many frames of the picture there were by then; 0 of a line that does not tell. */
export const framesOf = (line: JsonLine): number =>
  line.type === 'stats' ? ((line['video'] as { frames?: number } | undefined)?.frames ?? 0) : 0;
