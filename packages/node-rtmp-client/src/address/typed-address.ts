import type { Credentials } from '../session/auth-challenge.js';
import { readRtmpUrl } from './rtmp-url.js';
import { readLabelledText } from './labelled-text.js';
import { splitPath } from './split-path.js';
import { tidyTypedUrl } from './tidy-typed-url.js';

/** A URL that holds more than where the server is, told apart. */
export interface WholeUrl {
  /** As it was typed, tidied as {@link tidyTypedUrl} does, without what is told apart from it. */
  readonly serverUrl: string;
  readonly streamKey?: string;
  readonly credentials?: Credentials;
}

const parts = /^([a-z][a-z0-9+.-]*:\/\/)(?:[^/?#]*@)?([^/?#]*)(.*)$/is;

/**
 * What somebody pasted where a server's URL or a stream key was asked for, when it is a URL with a stream key, or with a
 * user name and a password, or a text that has both behind their labels; undefined when it is no RTMP URL, or where a server is and no more.
 */
export function splitWholeUrl(text: string): WholeUrl | undefined {
  const labelled = readLabelledText(text);
  const url = tidyTypedUrl(labelled?.url ?? text).trim();
  const [, scheme, host, path = ''] = parts.exec(url) ?? [];
  if (scheme === undefined || host === undefined) return undefined;
  let credentials: Credentials | undefined;
  try {
    ({ credentials } = readRtmpUrl(url)[0]);
  } catch {
    return undefined;
  }
  if (labelled) {
    const { streamKey } = labelled;
    return { serverUrl: scheme + host + path, streamKey, ...(credentials && { credentials }) };
  }
  const [{ app, streamName }] = splitPath(path);
  // A slash at the end says that the key is still to come.
  const hasKey = streamName !== '' && (!/\/#?$/.test(path) || path.includes('?'));
  if (!hasKey && credentials === undefined) return undefined;
  return {
    serverUrl: scheme + host + (hasKey ? `/${app}` : path),
    ...(hasKey && { streamKey: streamName }),
    ...(credentials !== undefined && { credentials }),
  };
}

/** Words, at most with a short number: names of applications and instances, and of streams nobody keeps secret. */
const plainName = /^_?[\p{Ll}\p{Lo}]*[_-]?\d{0,3}_?$/u;

/**
 * What looks like a stream key at the end of a server's URL; undefined when nothing does. Not certain: some services
 * have names in their URLs that look no different.
 */
export function keyInServerUrl(url: string): string | undefined {
  const { streamKey } = splitWholeUrl(url) ?? {};
  if (readLabelledText(url)) return streamKey;
  return streamKey !== undefined && looksLikeKey(streamKey) ? streamKey : undefined;
}

/** Whether the name of a stream looks like one that is kept secret: not certain, as {@link keyInServerUrl} is not. */
export function looksLikeKey(name: string): boolean {
  return name.includes('?') || (name.length >= 8 && !plainName.test(name));
}
