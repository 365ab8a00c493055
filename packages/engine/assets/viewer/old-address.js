// The addresses of Flash players: `streamer`, the RTMP application, and `file`, the stream in it, as JW Player took them.

/**
 * What an address of the player page asks for.
 *
 * - `stream`: `keys` are the names, `app/name`, that it may have on this server, the likeliest first; `way` is the way in
 *   which the address would play it, where it says one.
 * - `elsewhere`: on another server, `host`; `isRtmp` tells whether a browser could play it there.
 * - `unnamed`: it names no stream.
 *
 * @param {URLSearchParams} parameters
 * @param {{ hostname: string, host: string }} here the address of this page, such as `location`
 */
export function readOldAddress(parameters, here) {
  const streamer = (parameters.get('streamer') ?? '').trim();
  const file = (parameters.get('file') ?? '').trim().replace(/^\/+/, '');
  if (/^\w+:\/\//.test(file)) return readUrl(file, '', here);
  if (/^\w+:\/\//.test(streamer)) return readUrl(streamer, file, here);
  const [app, name] = [trimmed(streamer), withoutQuery(file)];
  if (app === '') return streamOf(name);
  return name === '' ? { type: 'unnamed' } : streamOf(`${app}/${name}`);
}

function readUrl(url, file, here) {
  const [, scheme, authority, path] = /^(\w+):\/\/([^/?#]*)([^?#]*)/.exec(url);
  const host = authority.replace(/^.*@/, '').toLowerCase();
  const isRtmp = /^rtmp\w*$/i.test(scheme);
  if (!isRtmp && !/^(https?|wss?)$/i.test(scheme)) return { type: 'unnamed' };
  // RTMP has a port of its own, of which this page knows nothing.
  const isHere = isRtmp
    ? host === '' || isSameHost(host.replace(/:\d+$/, ''), here.hostname)
    : isSameHost(host, here.host);
  if (!isHere) return { type: 'elsewhere', host, isRtmp };
  const whole = trimmed([trimmed(decoded(path)), withoutQuery(file)].filter(Boolean).join('/'));
  return isRtmp ? streamOf(whole) : streamOfFile(whole);
}

/** Of a path of this server: `APP/STREAM.flv`, or a file of HLS or DASH. */
function streamOfFile(path) {
  const [, name, way] = /^(.+)(\.flv|\/index\.m3u8|\/manifest\.mpd)$/.exec(path) ?? [];
  const ways = { '/index.m3u8': 'hls', '/manifest.mpd': 'dash' };
  if (name === undefined) return streamOf(path);
  return { ...streamOf(name), ...(ways[way] && { way: ways[way] }) };
}

/** Flash wanted to be told the kind of file before the name, and some servers at its end. */
function streamOf(key) {
  const withoutKind = key.replace(/(^|\/)(?:flv|mp4|f4v|mp3|id3):/i, '$1');
  const endings = /\.(?:flv|mp4|f4v|m4v|mov|mp3|m4a|aac)$/i;
  const keys = [key, withoutKind, withoutKind.replace(endings, '')];
  if (!/.\/./.test(withoutKind)) return { type: 'unnamed' };
  return { type: 'stream', keys: [...new Set(keys)] };
}

/** Two names of the machine itself are one. */
const isSameHost = (a, b) => canonical(a) === canonical(b);
const canonical = (host) =>
  host.toLowerCase().replace(/^(?:localhost|127(?:\.\d+){3}|\[::1\])(?=:|$)/, 'localhost');

const trimmed = (path) => path.replace(/^\/+|\/+$/g, '');
const withoutQuery = (name) => name.replace(/[?#].*$/s, '');

function decoded(path) {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
