import {
  parseRtmpUrl,
  RtmpError,
  tidyTypedUrl,
  type RtmpUrlProblem,
} from 'node-rtmp-client/address';
import { describeError, type AppErrorInfo } from './errors.js';
import { reason, type Reason, type Wording } from './reasons.js';
import { shortenMiddle } from './shorten-middle.js';

/** Whether there is an address in what was typed; also as an input method writes it. */
export const holdsUrl = (text: string): boolean => /[:：][/／]{2}/u.test(text);

/** Why `serverUrl` is no address of a server, as it was typed; `undefined` where it is one. It tells no key. */
export function urlProblem(serverUrl: string): AppErrorInfo | undefined {
  const url = tidyTypedUrl(serverUrl);
  try {
    parseRtmpUrl(url);
    return undefined;
  } catch (error) {
    return invalidUrl(url, error);
  }
}

/** What `error`, which came of reading `url`, is in words. It tells no key. */
export function invalidUrl(url: string, error: unknown): AppErrorInfo {
  const why = error instanceof RtmpError ? whyNoUrl(error, url) : reason('malformed');
  return describeError('INVALID_URL', { url: showTyped(url), reason: why });
}

function whyNoUrl({ data }: RtmpError, url: string): Wording {
  const problem = data['problem'];
  if (!isProblem(problem)) return String(data['reason']);
  if (problem === 'no-scheme') return whyNoScheme(url);
  if (problem === 'character') {
    return reason('url-character', { character: nameOf(String(data['character'])) });
  }
  return reason(reasons[problem]);
}

/** What is advised is an address: what else is wrong with it is said first. */
function whyNoScheme(url: string): Wording {
  const shown = shownPlace(url);
  if (shown === undefined) return reason('url-no-scheme');
  const withScheme = `rtmp://${url.trim()}`;
  try {
    const { app } = parseRtmpUrl(withScheme);
    return reason(app === '' ? 'url-host-alone' : 'url-lacks-scheme', { url: shown });
  } catch (error) {
    return error instanceof RtmpError ? whyNoUrl(error, withScheme) : reason('malformed');
  }
}

const reasons = {
  'no-scheme': 'url-no-scheme',
  'other-scheme': 'url-other-scheme',
  'no-host': 'url-no-host',
  'host-malformed': 'url-host-malformed',
  'ipv6-malformed': 'url-ipv6-malformed',
  'ipv6-without-brackets': 'url-ipv6-without-brackets',
  'port-malformed': 'url-port-malformed',
  character: 'url-character',
  rtmpe: 'url-rtmpe',
  rtmpt: 'url-rtmpt',
  rtmfp: 'url-rtmfp',
} as const satisfies Record<RtmpUrlProblem, string>;

const isProblem = (text: unknown): text is RtmpUrlProblem =>
  typeof text === 'string' && Object.hasOwn(reasons, text);

function nameOf(character: string): Reason {
  switch (character) {
    case ' ':
    case '\u00a0':
    case '\u3000':
      return reason('character-space');
    case '\t':
      return reason('character-tab');
    case '\r':
    case '\n':
      return reason('character-line-break');
    default: {
      const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
      return reason('character-invisible', { code: `U+${code}` });
    }
  }
}

/** A longer address would fill the place where it is told what is wrong with it. */
const longestShown = 200;

/** What may be repeated of an address that is none: whatever may be a key or a password is left out. */
export function showTyped(text: string): string {
  const typed = text.trim();
  const shown = shownPlace(typed);
  if (shown !== undefined) return shown;
  const [scheme] = /^[a-z][a-z0-9+.-]*:\/\//i.exec(typed) ?? [];
  if (scheme !== undefined) return `${scheme}…`;
  // What is no ASCII, such as a label that was copied with it, is no part of a key.
  return shortenMiddle(typed.replace(/[\x21-\x7e]+/g, maskRun), longestShown);
}

const maskRun = (run: string): string => `${/^rtmps?[:/]+/i.exec(run)?.[0] ?? ''}…`;

/** The scheme, if there is one, the host and the path without its last part; undefined where that may be secret. */
function shownPlace(text: string): string | undefined {
  const [, scheme = '', authority = '', path = ''] =
    /^([a-z][a-z0-9+.-]*:\/\/)?([^/?#]*)([^?#]*)/is.exec(text.trim()) ?? [];
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  if (!mayBeHost(host, scheme !== '')) return undefined;
  const [, before = '', last = ''] = /^(.*?)([^/]*)\/*$/s.exec(path) ?? [];
  return shortenMiddle(scheme + host + before + (last === '' ? '' : '…'), longestShown);
}

/** A key, or what is left of a password that has a slash in it, is none. */
function mayBeHost(text: string, isBehindScheme: boolean): boolean {
  if (/^\[[^\]]*\](:\d*)?$/.test(text)) return true;
  if (isBehindScheme) return /^[^:\s]*(:\d*)?$/.test(text);
  // Names are written in one case, or begin with a capital; keys change it anywhere.
  if (/[a-z][A-Z]/.test(text)) return false;
  return (
    /^([a-z0-9-]{0,40}\.){1,5}([a-z]{1,12}|\d{1,3})(:\d+)?$/i.test(text) ||
    // A single word is one where it can hardly be anything else.
    /^localhost\b|^[a-z]{1,15}-?\d{0,3}$|^[a-z0-9-]{1,40}:\d+$/.test(text)
  );
}
