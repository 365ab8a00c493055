import {
  keyInServerUrl,
  parseRtmpUrl,
  showAddress,
  splitWholeUrl,
  tidyTypedUrl,
} from 'node-rtmp-client/address';

/** What a URL has something for. */
interface Fields {
  readonly serverUrl: string;
  readonly streamKey?: string;
  readonly user?: string;
  readonly password?: string;
}

/** Each part of a URL in its own field; `undefined` where `text` is no URL with more than a server in it. */
export function fieldsOf(text: string): Fields | undefined {
  const whole = splitWholeUrl(text);
  if (whole === undefined) return undefined;
  const { serverUrl, streamKey, credentials } = whole;
  return { serverUrl, ...(streamKey !== undefined && { streamKey }), ...credentials };
}

/** Whether the URL ends with what looks like a stream key. */
export const looksWhole = (serverUrl: string): boolean => keyInServerUrl(serverUrl) !== undefined;

/** Whether the URL names a server without an application, which few servers do without. */
export function lacksApp(serverUrl: string): boolean {
  try {
    const [name] = parseRtmpUrl(serverUrl.trim()).app.split('?');
    return name === '';
  } catch {
    return false; // Not an address, or not yet.
  }
}

/** The server of `url`, such as `rtmp://host`, where it is another than that of `saved`. */
export function otherServer(url: string, saved: string): string | undefined {
  const server = serverOf(url);
  return server === serverOf(saved) ? undefined : server;
}

/** Whether `url` can be saved as the server's. */
export const isAddress = (url: string): boolean => serverOf(url) !== undefined;

function serverOf(url: string): string | undefined {
  try {
    const address = parseRtmpUrl(tidyTypedUrl(url));
    return showAddress({ ...address, app: '' }).url.replace(/\/$/, '');
  } catch {
    return undefined; // Not an address, or not yet.
  }
}
