import type { ServerResponse } from 'node:http';
import { signalWithin } from 'node-rtmp-client/async';
import { dashManifest } from '../segments/dash-manifest.js';
import { mediaPlaylist, multivariantPlaylist } from '../segments/hls-playlist.js';
import type { PackagedStream } from '../segments/packaged-stream.js';
import type { TrackKind } from '../../cmaf/segmenter.js';
import type { SegmentProtocol } from '../statistics/traffic.js';
import type { LiveResource } from './live-path.js';

/** Which way of playing asks for this; a segment serves both. */
export function protocolOf({ type }: PackagedResource): SegmentProtocol | undefined {
  if (type === 'manifest') return 'dash';
  return type === 'multivariant-playlist' || type === 'media-playlist' ? 'hls' : undefined;
}

export type PackagedResource = Exclude<LiveResource, { type: 'flv' }>;

/** What is answered: bytes, or why there are none. */
export type PackagedAnswer =
  | {
      readonly type: 'content';
      readonly contentType: string;
      readonly maxAge: number;
      readonly bytes: readonly Uint8Array[];
    }
  /** There is no such segment, or not any more. */
  | { readonly type: 'gone' }
  /** It was waited for as long as it makes sense. */
  | { readonly type: 'late' }
  /** Asked for what lies too far ahead to be waited for. */
  | { readonly type: 'unlikely' };

/** A first segment needs a keyframe to begin with, and the next one to end. Milliseconds. */
const firstSegmentMs = 20_000;
/** Names are never used twice; this is about as long as a segment is of use. Seconds. */
const segmentMaxAge = 60;
/** How many segments ahead a playlist can be waited for (rfc8216bis §6.2.5.2). */
const mostAhead = 2;

const contentTypes = {
  playlist: 'application/vnd.apple.mpegurl',
  manifest: 'application/dash+xml',
  video: 'video/mp4',
  audio: 'audio/mp4',
};

/**
 * A file of HLS or DASH. What is about to come, such as the first segment, the next state of a playlist and the next
 * part, is waited for.
 *
 * @param suffix what every address in it has at its end, so that the player may have that, too
 * @param signal is aborted when nobody is there any more to be answered.
 */
export async function packagedAnswer(
  stream: PackagedStream,
  resource: PackagedResource,
  { query, suffix }: { readonly query: URLSearchParams; readonly suffix: string },
  signal: AbortSignal,
): Promise<PackagedAnswer> {
  const until = async (isMet: () => boolean, ms: number): Promise<void> =>
    stream.until(isMet, signalWithin(ms, signal));
  const text = (contentType: string, content: string): PackagedAnswer => ({
    ...{ type: 'content', contentType, maxAge: 0 },
    bytes: [Buffer.from(content)],
  });
  const media = (kind: TrackKind, bytes: readonly Uint8Array[] | undefined): PackagedAnswer =>
    bytes === undefined
      ? { type: 'gone' }
      : { type: 'content', contentType: contentTypes[kind], maxAge: segmentMaxAge, bytes };

  switch (resource.type) {
    case 'multivariant-playlist':
      await until(() => stream.isPlayable, firstSegmentMs);
      if (!stream.isPlayable) return { type: 'late' };
      return text(contentTypes.playlist, multivariantPlaylist(stream, suffix));
    case 'manifest':
      // A player begins at a time of the clock. While only the last publisher's segments are listed, that lies behind them
      // all, and before those of the one who has just come.
      await until(() => stream.isCurrent, firstSegmentMs);
      if (!stream.isPlayable) return { type: 'late' };
      return text(contentTypes.manifest, dashManifest(stream, Date.now(), suffix));
    case 'media-playlist': {
      const rendition = stream.rendition(resource.kind);
      await until(() => rendition.listed.length > 0, firstSegmentMs);
      if (rendition.listed.length === 0) return { type: 'late' };
      const wanted = blockingReload(query);
      if (wanted) {
        const next = (rendition.listed.at(-1)?.number ?? 0) + 1;
        if (wanted.number > next + mostAhead) return { type: 'unlikely' };
        const isThere = (): boolean => hasPart(rendition, wanted);
        await until(isThere, (stream.targetSeconds ?? stream.segmentSeconds) * 3000);
        if (!isThere() && !stream.isOver) return { type: 'late' };
      }
      return text(contentTypes.playlist, mediaPlaylist(stream, rendition, suffix));
    }
    case 'init': {
      const init = stream.init(resource.kind, resource.period);
      return media(resource.kind, init && [init]);
    }
    case 'segment': {
      const segment = stream.segment(resource.kind, resource.number);
      return media(
        resource.kind,
        segment?.parts.map(({ bytes }) => bytes),
      );
    }
    case 'part': {
      const { kind, number, index } = resource;
      const part = () => stream.part(kind, number, index);
      const next = nextPart(stream, kind);
      if (next?.number === number && next.index === index)
        await until(
          () => part() !== undefined || nextPart(stream, kind)?.number !== number,
          firstSegmentMs,
        );
      const found = part();
      return media(kind, found && [found.bytes]);
    }
  }
}

/**
 * Sends an answer, or only its head.
 *
 * @param isOpen whether a cache may give it to everybody
 */
export function sendContent(
  response: ServerResponse,
  { contentType, maxAge, bytes }: Extract<PackagedAnswer, { type: 'content' }>,
  { method, isOpen }: { readonly method: string | undefined; readonly isOpen: boolean },
): void {
  const cache = isOpen ? 'public' : 'private';
  response.writeHead(200, {
    'content-type': contentType,
    'content-length': byteLengthOf(bytes),
    'cache-control': maxAge === 0 ? 'no-cache' : `${cache}, max-age=${maxAge}`,
  });
  if (method !== 'HEAD') for (const each of bytes) response.write(each);
  response.end();
}

export const byteLengthOf = (bytes: readonly Uint8Array[]): number =>
  bytes.reduce((sum, { byteLength }) => sum + byteLength, 0);

interface WantedPart {
  readonly number: number;
  /** Undefined: the whole segment. */
  readonly index: number | undefined;
}

/** The delivery directives `_HLS_msn` and `_HLS_part` (rfc8216bis §6.2.5). */
function blockingReload(query: URLSearchParams): WantedPart | undefined {
  const number = wholeNumber(query.get('_HLS_msn'));
  return number === undefined ? undefined : { number, index: wholeNumber(query.get('_HLS_part')) };
}

const wholeNumber = (text: string | null): number | undefined =>
  text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined;

/** Also true of what came after it: a part that its segment never had is followed by the next segment's. */
function hasPart(
  { listed, open }: ReturnType<PackagedStream['rendition']>,
  { number, index }: WantedPart,
): boolean {
  if ((listed.at(-1)?.number ?? 0) >= number) return true;
  if (open === undefined || index === undefined) return false;
  return open.number > number || (open.number === number && open.parts.length > index);
}

/** The one that a playlist hints at. */
function nextPart(
  stream: PackagedStream,
  kind: TrackKind,
): { readonly number: number; readonly index: number } | undefined {
  const { open, listed } = stream.rendition(kind);
  if (open) return { number: open.number, index: open.parts.length };
  const last = listed.at(-1);
  return last && { number: last.number + 1, index: 0 };
}
