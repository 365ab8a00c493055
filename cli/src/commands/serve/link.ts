import { appError, reason, type ErrorData, type ReasonCode } from '@tallylight/contract';
import { signToken } from '@tallylight/engine';
import type { CliDependencies, CommandResult } from '../../cli-dependencies.js';
import type { Printer } from '../../printer.js';
import { readServerKey } from './read-serve-options.js';
import { parseTimeToCome } from './time-to-come.js';

/** As they are typed. */
export interface LinkOptions {
  readonly playKey?: string;
  readonly playKeyEnv?: string;
  readonly until: string;
  readonly at: string;
  readonly json?: boolean;
}

const invalid = (code: ReasonCode, data?: ErrorData): Error =>
  appError('INVALID_OPTION', { reason: reason(code, data) });

/** @param stream `APP/STREAM`; absent: every stream. */
export const runLink = (
  stream: string | undefined,
  options: LinkOptions,
  deps: CliDependencies,
): Promise<void> =>
  deps.run({ json: options.json === true }, (printer) =>
    Promise.resolve(link(stream, options, deps, printer)),
  );

function link(
  stream: string | undefined,
  options: LinkOptions,
  { environment, messages }: CliDependencies,
  printer: Printer,
): CommandResult {
  const key = readServerKey('play', options, environment);
  if (key === undefined) throw invalid('no-play-key');
  if (stream !== undefined && !/^[^/].*\/[^/]+$/.test(stream))
    throw invalid('not-a-stream', { text: stream });
  const base = readPageUrl(options.at);
  const until = parseTimeToCome('--until', options.until, Date.now());
  const token = signToken(key, { stream, until });
  const urls = addresses(base, stream, token);
  for (const url of Object.values(urls)) printer.answer(url);
  const time = new Intl.DateTimeFormat(messages.language, {
    dateStyle: 'medium',
    timeStyle: 'long',
  });
  printer.say(printer.messages.t('cli.serve.link.expires', { time: time.format(until) }));
  const expires = new Date(Math.floor(until / 1000) * 1000).toISOString();
  return { summary: { ...(stream !== undefined && { stream }), token, expires, urls } };
}

function readPageUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username || url.search)
    throw invalid('not-an-http-url', { option: '--at', text });
  return url;
}

/** Where a stream can be watched with the token; of every stream only the page can be told. */
function addresses(base: URL, stream: string | undefined, token: string): Record<string, string> {
  const query = `?token=${token}`;
  if (stream === undefined) return { page: new URL(`/${query}`, base).href };
  const path = stream.split('/').map(encodeURIComponent).join('/');
  const at = (file: string): string => new URL(`/${path}${file}${query}`, base).href;
  const scheme = base.protocol === 'https:' ? 'rtmps' : 'rtmp';
  return {
    page: new URL(`/${query}#${encodeURIComponent(stream)}`, base).href,
    flv: at('.flv'),
    hls: at('/index.m3u8'),
    dash: at('/manifest.mpd'),
    rtmp: `${scheme}://${base.hostname}/${path}${query}`,
  };
}
