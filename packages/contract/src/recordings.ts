import { z } from 'zod';
import { appErrorSchema } from './errors.js';

/** What of a recording is chosen once, and holds from the next one on. */
export const recordingFields = {
  /** A whole path; empty: {@link RecordingsSnapshot.ownFolder}. */
  recordingFolder: z.string().trim().max(4096),
  /** As {@link recordingName} reads it. */
  recordingPattern: z.string().trim().min(1).max(200),
  recordingFormat: z.enum(['mp4', 'flv']),
  /** When it goes on in another file; neither: never. */
  recordingSplit: z.object({
    seconds: z.number().int().min(10).max(86_400).optional(),
    bytes: z.number().int().min(1_000_000).optional(),
  }),
  /** How much the replay buffer holds; 0: there is none. */
  replaySeconds: z.union([z.literal(0), z.number().int().min(5).max(300)]),
};

/** What holds until somebody chooses otherwise. */
export const usualRecording = {
  recordingFolder: '',
  recordingPattern: '{date} {time}',
  recordingFormat: 'mp4',
  recordingSplit: {},
  replaySeconds: 30,
} as const;

/** One that is finished, the newest first. */
export const savedRecordingSchema = z.object({
  type: z.enum(['recording', 'replay']),
  path: z.string(),
  name: z.string(),
  /** How many files there are, where it was divided. */
  files: z.number(),
  /** Of all of them; absent where the first is not there any more. */
  bytes: z.number().optional(),
  /** Absent of one whose end nobody saw. */
  durationMs: z.number().optional(),
});

export const recordingsSnapshotSchema = z.object({
  recordings: z.array(savedRecordingSchema),
  /** Where recordings go while no folder is chosen. */
  ownFolder: z.string(),
  /** Why nothing can be recorded into the folder that is chosen. */
  problem: appErrorSchema.optional(),
  /** Of its disk. */
  freeBytes: z.number().optional(),
  /** Whether folders can be shown on the engine's machine; else a path can only be copied. */
  canShow: z.boolean(),
});

/** What the file of a replay is called in the language of whoever saves it; `Replay` where it is absent. */
export const replayInputSchema = z.object({ word: z.string().trim().min(1).max(32) });

export const savedReplaySchema = z.object({
  name: z.string(),
  durationMs: z.number(),
});

export type SavedRecording = z.infer<typeof savedRecordingSchema>;
export type RecordingsSnapshot = z.infer<typeof recordingsSnapshotSchema>;

export interface RecordingNameParts {
  /** With `{date}`, `{time}`, `{destination}` and `{n}`, each of which may be absent. */
  readonly pattern: string;
  readonly at: Date;
  /** The first destination's name; empty where there is none. */
  readonly destination: string;
  /** Counts from 1. Where the pattern has no place for it, it comes behind from 2 on. */
  readonly n: number;
}

/** UTF-8 bytes. Of the 255 that file systems take, some are for the number of a file and the ending. */
const longestName = 200;

/** The name of a file, without its ending, that every system takes. */
export function recordingName({ pattern, at, destination, n }: RecordingNameParts): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const values: Readonly<Record<string, string>> = {
    date: `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`,
    time: `${two(at.getHours())}-${two(at.getMinutes())}-${two(at.getSeconds())}`,
    n: String(n),
    destination,
  };
  const filled = pattern.replace(
    /\{(date|time|destination|n)\}/g,
    (_, field: string) => values[field] ?? '',
  );
  const hasPlace = pattern.includes('{n}') || n === 1;
  const suffix = hasPlace ? '' : `-${n}`;
  return `${cutTo(safeName(filled), longestName - suffix.length)}${suffix}`;
}

/** Names that stand for devices on Windows, whatever is behind their first dot. */
const deviceName = /^(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;

function safeName(text: string): string {
  const safe = text
    // eslint-disable-next-line no-control-regex -- they are what is looked for
    .replace(/[<>:"/\\|?*\u0000-\u001f\u007f]/g, '-')
    .replace(/\s+/g, ' ')
    // Nothing is hidden, and Windows drops what is at the end.
    .replace(/^[\s.]+|[\s.]+$/g, '');
  return deviceName.test(safe) ? `_${safe}` : safe === '' ? 'Tallylight' : safe;
}

function cutTo(text: string, bytes: number): string {
  const encoder = new TextEncoder();
  let rest = bytes;
  let end = 0;
  for (const character of text) {
    rest -= encoder.encode(character).length;
    if (rest < 0) return text.slice(0, end).replace(/[\s.]+$/, '');
    end += character.length;
  }
  return text;
}
