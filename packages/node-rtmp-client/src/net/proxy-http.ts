import { isIPv6 } from 'node:net';
import { RtmpError } from '../session/rtmp-error.js';
import type { ProxyConversation } from './proxy-conversation.js';
import type { ProxyOptions, ProxyTarget } from './proxy-options.js';

const maxAnswerLength = 16 * 1024;
const authenticationRequired = 407;
/** What a proxy says when it could not reach the host, RFC 9110 §15.6. */
const gatewayFailures: readonly number[] = [502, 503, 504];

/** Has an HTTP proxy connect to `target`, RFC 9110 §9.3.6. @throws RtmpError */
export async function connectThroughHttp(
  talk: ProxyConversation,
  { user, password = '' }: ProxyOptions,
  { host, port }: ProxyTarget,
): Promise<void> {
  const authority = `${isIPv6(host) ? `[${host}]` : host}:${port}`;
  const lines = [`CONNECT ${authority} HTTP/1.1`, `Host: ${authority}`];
  if (user !== undefined) {
    const token = Buffer.from(`${user}:${password}`, 'utf8').toString('base64');
    lines.push(`Proxy-Authorization: Basic ${token}`);
  }
  talk.write(`${lines.join('\r\n')}\r\n\r\n`);
  const answer = await talk.readUntil('\r\n\r\n', maxAnswerLength);
  const match = /^HTTP\/1\.[01] (\d{3})/.exec(answer);
  if (match === null) throw new RtmpError('proxy-rejected', 'proxy', 'it does not speak HTTP');
  const status = Number(match[1]);
  if (status >= 200 && status < 300) return;
  if (status === authenticationRequired) {
    throw user === undefined
      ? new RtmpError('auth-required', 'proxy', 'it asks who we are')
      : new RtmpError('auth-failed', 'proxy', 'it does not take the user name and password');
  }
  // Only the number: its words may repeat what it was sent.
  const code = gatewayFailures.includes(status) ? 'unreachable' : 'proxy-rejected';
  throw new RtmpError(code, 'proxy', `it answered ${status}`);
}
