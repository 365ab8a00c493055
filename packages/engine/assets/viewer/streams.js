/* global fetch, setInterval */
// What is live on this server, asked for again and again.

export const keyOf = ({ app, name }) => `${app}/${name}`;

/** The address that everything of a stream begins with, on this server. */
export const pathOf = ({ app, name }) =>
  `/${app.split('/').map(encodeURIComponent).join('/')}/${encodeURIComponent(name)}`;

/**
 * Calls `listener` with `{ streams, serverGone }` now and every `everyMs` milliseconds.
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
      const response = await fetch('/api/streams', { signal: AbortSignal.timeout(5000) });
      found = { streams: (await response.json()).streams, serverGone: false };
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
