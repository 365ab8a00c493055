import { z } from 'zod';
import { appErrorSchema } from './errors.js';

/** How the stream is pulled back from a destination. */
export const monitorWaySchema = z.enum(['rtmp', 'http-flv', 'hls', 'dash']);

/**
 * What the monitor gets. `connecting`: it has had nothing yet; `playing`: pictures come; `waiting`: none come any more, or
 * it was refused, and it is tried again.
 */
export const monitorSnapshotSchema = z.object({
  state: z.enum(['connecting', 'playing', 'waiting']),
  way: monitorWaySchema,
  /** Whether there is sound in it; absent until that is known. */
  hasAudio: z.boolean().optional(),
  /** Why it has to wait, where somebody said so. */
  error: appErrorSchema.optional(),
});

export type MonitorWay = z.infer<typeof monitorWaySchema>;
export type MonitorSnapshot = z.infer<typeof monitorSnapshotSchema>;

/** How a stream is had from an address for watching, by its form; `undefined` where it is none. */
export function playWayOf(url: string): MonitorWay | undefined {
  const typed = url.trim();
  if (/^rtmps?:/i.test(typed)) return /^rtmps?:\/\/[^/\s]+\/\S/i.test(typed) ? 'rtmp' : undefined;
  const [, path] = /^https?:\/\/[^/?#\s]+(\/[^?#\s]*)\S*$/i.exec(typed) ?? [];
  if (path === undefined || !URL.canParse(typed)) return undefined;
  const [, ending = ''] = /\.(\w+)$/.exec(path) ?? [];
  switch (ending.toLowerCase()) {
    case 'flv':
      return 'http-flv';
    case 'm3u8':
      return 'hls';
    case 'mpd':
      return 'dash';
    default:
      return undefined;
  }
}
