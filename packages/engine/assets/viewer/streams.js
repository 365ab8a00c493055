/* global fetch, location, setInterval */
// What is live on this server, asked for again and again.

export const keyOf = ({ app, name }) => `${app}/${name}`;

/** The address that everything of a stream begins with, on this server. */
export const pathOf = ({ app, name }) =>
  `/${app.split('/').map(encodeURIComponent).join('/')}/${encodeURIComponent(name)}`;

/**
 * Where a stream is played from.
 *
 * @param file `.flv`, `/index.m3u8` or `/manifest.mpd`
 */
export const addressOf = (stream, file) =>
  `${pathOf(stream)}${file}${stream.token ? `?token=${stream.token}` : ''}`;

/** Of the link with which this page was opened, where the server wants one. */
const token = new URLSearchParams(location.search).get('token');
const list = `/api/streams${token ? `?${new URLSearchParams({ token })}` : ''}`;

/**
 * Calls `listener` with `{ streams, serverGone, refusal }` now and every `everyMs` milliseconds; `refusal` is what the
 * server says where it lets nobody watch who has this page's link.
 *
 * @returns a function that asks at once
 */
export function watchStreams(everyMs, listener) {
  let asking = false;
  async function ask() {
    if (asking) return;
    asking = true;
    let found = { streams: [], serverGone: true };
    try {
      const response = await fetch(list, { signal: AbortSignal.timeout(5000) });
      found =
        response.status === 403
          ? { streams: [], serverGone: false, refusal: await response.text() }
          : { streams: (await response.json()).streams, serverGone: false };
    } catch {
      // Nobody answers, or not what was asked for.
    }
    asking = false;
    listener(found);
  }
  setInterval(() => void ask(), everyMs);
  void ask();
  return () => void ask();
}
