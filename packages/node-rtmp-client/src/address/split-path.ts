/** A path told apart. */
export interface SplitPath {
  /** With its query. */
  readonly app: string;
  /** With its query; empty where there is none. */
  readonly streamName: string;
}

/** Words that stand before a stream's name and say what it is: `mp4:`, `flv:`, `smil:`. */
const typePrefix = /^[a-z][a-z0-9]*:/i;

/**
 * The usual ways to tell the application of a path from the stream's name, the likeliest first. RTMP does not say where
 * one ends and the other begins, and both may hold slashes and a query.
 */
export function splitPath(path: string): readonly [SplitPath, ...SplitPath[]] {
  const text = path.replace(/^\/+/, '');
  const [before, query] = splitAt(text, text.indexOf('?'));
  const segments = before.replace(/\/+$/, '').split('/');
  if (segments.length === 1) return [splitQuery(segments[0] ?? '', before.endsWith('/'), query)];

  const typed = segments.findIndex((segment, index) => index > 0 && typePrefix.test(segment));
  // The last segment, as broadcasters have it; application and instance, as ffmpeg has it; the first segment.
  const usual = [segments.length - 1, 2, 1].filter((cut) => cut < segments.length);
  const cuts = typed > 0 ? [typed] : usual;
  const [first = 1, ...others] = new Set(cuts);
  const cutAt = (cut: number): SplitPath => ({
    app: segments.slice(0, cut).join('/').replace(/\/+$/, ''),
    streamName: segments.slice(cut).join('/') + query,
  });
  return [cutAt(first), ...others.map(cutAt), ...behindQuery(before, query)];
}

/** A single segment: a query may belong to it, be the stream's name, or stand before the stream's name. */
function splitQuery(app: string, endsWithSlash: boolean, query: string): SplitPath {
  if (query !== '' && endsWithSlash && app !== '') return { app, streamName: query };
  const [behind] = behindQuery(app, query);
  return behind ?? { app: (app + query).replace(/#.*$/, ''), streamName: '' };
}

/** `app?vhost=x/name`: the application's query, then the stream's name, which may have a query of its own. */
function behindQuery(app: string, query: string): SplitPath[] {
  const secondAt = query.indexOf('?', 1);
  const [first, second] = splitAt(query, secondAt);
  const slashAt = first.lastIndexOf('/');
  if (slashAt < 0) return [];
  return [{ app: app + first.slice(0, slashAt), streamName: first.slice(slashAt + 1) + second }];
}

const splitAt = (text: string, at: number): [string, string] =>
  at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at)];
