import { showAddress, type RtmpAddress, type ShownAddress } from '../address/rtmp-address.js';
import { Redactor } from '../redact/redactor.js';
import type { ClientSession } from '../session/client-session.js';
import type { ClientStream } from '../session/client-stream.js';
import { RtmpError } from '../session/rtmp-error.js';

/** What it means when a server just ends the connection depends on what it was asked last. */
export function closedByServer(
  { phase, serverSpokeRtmp }: Pick<ClientSession, 'phase' | 'serverSpokeRtmp'>,
  code: 'closed' | 'reset',
  words: string,
  cause?: Error,
): RtmpError {
  switch (phase) {
    case 'handshake':
      return serverSpokeRtmp
        ? new RtmpError(code, phase, words, {}, { cause })
        : new RtmpError('not-rtmp', phase, words, { problem: code }, { cause });
    case 'connect':
      return new RtmpError('connect-rejected', phase, words, { problem: code }, { cause });
    default:
      return new RtmpError(code, phase, words, {}, { cause });
  }
}

export const closedFromHere = (): RtmpError =>
  new RtmpError('closed', 'close', 'it was closed from here');
export const endedByServer = (): RtmpError =>
  new RtmpError('closed', 'streaming', 'the server has ended the stream');

/**
 * A server that hangs up instead of answering publish or play means no; so does one that agrees to play, as MediaMTX
 * does, and hangs up before it has played anything, because only then it asks who we are.
 *
 * @param isUnplayed whether the server has agreed just now, and nothing has come.
 */
export function streamError(
  error: RtmpError,
  { role, state }: Pick<ClientStream, 'role' | 'state'>,
  isUnplayed: boolean,
): RtmpError {
  const { code, data, cause } = error;
  const isNo = state !== 'active' || (role === 'play' && isUnplayed);
  if (!isNo || (code !== 'closed' && code !== 'reset')) return error;
  const refusal = role === 'publish' ? 'publish-rejected' : 'play-rejected';
  const { reason, ...rest } = data;
  return new RtmpError(refusal, role, String(reason), { ...rest, problem: code }, { cause });
}

/** An application's query may hold a token, and what a server sends us on to any secret. */
export function shownAddress(
  address: RtmpAddress,
  secretsFromServer: readonly string[] = [],
): ShownAddress {
  const redactor = new Redactor(secretsFromServer);
  const { app } = showAddress(address);
  const host = redactor.redact(address.host);
  return showAddress({ ...address, host, app: redactor.redact(app) });
}

/** The query of an application, with its "?", which is never shown. */
export const appQuery = ({ app }: RtmpAddress): string[] =>
  app.includes('?') ? [app.slice(app.indexOf('?'))] : [];

/** Adds where it happened. An error that says so already keeps its own place, where a redirect may lead elsewhere. */
export function locatedError(
  error: RtmpError,
  { host, port, app }: Pick<ShownAddress, 'host' | 'port' | 'app'>,
): RtmpError {
  const { code, phase, data, cause } = error;
  const { reason, ...rest } = data;
  if ('host' in rest) return error;
  const more = { ...rest, host, port, ...(code === 'connect-rejected' && { app }) };
  return new RtmpError(code, phase, String(reason), more, { cause });
}
