import type { TrackKind } from '../../cmaf/segmenter.js';

/** What of a live stream a path asks for. */
export type LiveResource =
  | { readonly type: 'flv' }
  | { readonly type: 'multivariant-playlist' }
  | { readonly type: 'media-playlist'; readonly kind: TrackKind }
  | { readonly type: 'manifest' }
  | { readonly type: 'init'; readonly kind: TrackKind; readonly period: number }
  | { readonly type: 'segment'; readonly kind: TrackKind; readonly number: number }
  | {
      readonly type: 'part';
      readonly kind: TrackKind;
      readonly number: number;
      readonly index: number;
    };

export interface LivePath {
  readonly app: string;
  readonly name: string;
  readonly resource: LiveResource;
}

/**
 * `/APP/STREAM.flv`, or a file of HLS or DASH in `/APP/STREAM/`; the application may itself have slashes. `undefined` for
 * any other path.
 */
export function parseLivePath(path: string): LivePath | undefined {
  const match = /^\/(.+)\/([^/]+)\.flv$/.exec(path);
  if (match?.[1] && match[2]) return decoded(match[1], match[2], { type: 'flv' });
  const [, app, name, file] = /^\/(.+)\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
  const resource = resourceOf(file ?? '');
  return app && name && resource ? decoded(app, name, resource) : undefined;
}

function decoded(app: string, name: string, resource: LiveResource): LivePath | undefined {
  try {
    return { app: decodeURIComponent(app), name: decodeURIComponent(name), resource };
  } catch {
    return undefined;
  }
}

/** Numbers are bounded by their digits, so that each has one way to be written. */
const filePattern =
  /^(video|audio)(?:-(init)-(\d{1,15})\.mp4|-(\d{1,15})(?:\.(\d{1,5}))?\.m4s|(\.m3u8))$/;

function resourceOf(file: string): LiveResource | undefined {
  if (file === 'index.m3u8') return { type: 'multivariant-playlist' };
  if (file === 'manifest.mpd') return { type: 'manifest' };
  const [, name, init, period, number, index, playlist] = filePattern.exec(file) ?? [];
  if (name !== 'video' && name !== 'audio') return undefined;
  if (playlist) return { type: 'media-playlist', kind: name };
  if (init) return { type: 'init', kind: name, period: Number(period) };
  if (index !== undefined)
    return { type: 'part', kind: name, number: Number(number), index: Number(index) };
  return { type: 'segment', kind: name, number: Number(number) };
}
