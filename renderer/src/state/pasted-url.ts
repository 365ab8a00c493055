import { keyInServerUrl, splitWholeUrl } from 'node-rtmp-client/address';

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
