import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseMediaPlaylist } from './hls-rules.js';

export interface FollowedPlaylist {
  /** Each state of the playlist, in order. */
  readonly texts: readonly string[];
  /** The initialization segment and all that followed, joined: a fragmented MP4 file. One for each EXT-X-MAP. */
  readonly files: readonly string[];
}

async function bytesOf(url: string): Promise<Uint8Array> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.bytes();
}

/**
 * Follows a live media playlist as a player does, by blocking reload, and keeps all its segments.
 *
 * @param until is told each state; true ends it.
 */
export async function followPlaylist(
  url: string,
  folder: string,
  until: (text: string) => boolean,
): Promise<FollowedPlaylist> {
  await mkdir(folder, { recursive: true });
  const texts: string[] = [];
  const pieces = new Map<string, Uint8Array[]>();
  const seen = new Set<string>();
  let wanted = '';
  for (;;) {
    const response = await fetch(url + wanted);
    // What was waited for did not come in time; the same is asked again (draft-pantos-hls-rfc8216bis, 6.2.5.2).
    if (response.status === 503 && wanted !== '') continue;
    if (!response.ok) throw new Error(`${url}${wanted}: ${response.status}`);
    const text = await response.text();
    texts.push(text);
    let map = '';
    for (const line of text.split('\n')) {
      map = /^#EXT-X-MAP:URI="(.+?)"/.exec(line)?.[1] ?? map;
      if (line === '' || line.startsWith('#') || seen.has(line)) continue;
      seen.add(line);
      const known = pieces.get(map) ?? [await bytesOf(new URL(map, url).href)];
      pieces.set(map, known);
      known.push(await bytesOf(new URL(line, url).href));
    }
    const { mediaSequence, segments, hasEnded } = parseMediaPlaylist(text);
    if (hasEnded || until(text)) break;
    wanted = `?_HLS_msn=${mediaSequence + segments.length}`;
  }
  const files = await Promise.all(
    [...pieces.values()].map(async (parts, index) => {
      const file = join(folder, `${index}.mp4`);
      await writeFile(file, Buffer.concat(parts));
      return file;
    }),
  );
  return { texts, files };
}
