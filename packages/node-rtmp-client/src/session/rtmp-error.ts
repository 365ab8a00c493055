/** What went wrong. */
export type RtmpErrorCode =
  | 'invalid-url'
  /** An address that is understood and will not be served: RTMPE, RTMPT. */
  | 'unsupported'
  | 'dns-not-found'
  | 'refused'
  | 'unreachable'
  | 'timeout'
  | 'tls-not-spoken'
  | 'tls-certificate'
  | 'not-rtmp'
  /** The server refused `connect`: most often the application does not exist. */
  | 'connect-rejected'
  | 'publish-rejected'
  /** Somebody else publishes with the same key. */
  | 'stream-busy'
  /** The server, or the proxy, asks for a user name and a password, and none were given. */
  | 'auth-required'
  /** The user name and the password that were given are not the right ones. */
  | 'auth-failed'
  /** The proxy does not let us through. */
  | 'proxy-rejected'
  | 'stream-not-found'
  /** The server does not let us play: it says so, or it hangs up when it is asked, or before it has played anything. */
  | 'play-rejected'
  /** The server answered a call with an error. */
  | 'call-failed'
  /** The peer ended the connection in order. */
  | 'closed'
  /** The connection broke. */
  | 'reset'
  | 'aborted'
  /** The peer sent what RTMP does not allow. */
  | 'protocol';

/** When it went wrong: a phase of opening, in their order, or after it ('streaming', 'close'). */
export type RtmpPhase =
  | 'dns'
  | 'tcp'
  /** Being let through by a proxy; there only where one is used. */
  | 'proxy'
  | 'tls'
  | 'handshake'
  | 'connect'
  | 'publish'
  | 'play'
  | 'streaming'
  | 'close';

/**
 * `reason` is there for most codes: the peer's own words, or ours; where it is ours, `problem` may say which, for whoever
 * says it otherwise (an {@link RtmpProblem}; of an address, an RtmpUrlProblem). `host` and `port` are there once they are known;
 * `serverCode` when the server gave one (NetStream.Publish.BadName). Stream keys never are.
 */
export type RtmpErrorData = Readonly<Record<string, string | number>>;

/** What went wrong where the peer gave no words for it, as `problem` in the data of an error. */
export type RtmpProblem =
  /** It ended the connection instead of answering. */
  | 'closed'
  /** It broke the connection instead of answering. */
  | 'reset'
  /** It refused and said nothing. */
  | 'no-reason-given'
  /** Who answers instead of an RTMP server; `firstByte` is the first byte that came. */
  | 'web-server'
  | 'tls-expected'
  | 'ssh-server'
  | 'unknown-protocol'
  /** It asks for a kind of authentication that is not known here. */
  | 'unknown-authentication'
  /** It sends us on again and again. */
  | 'too-many-redirects';

/** Everything that goes wrong with a connection. Tell them apart by `code` and `phase`, not by the message. */
export class RtmpError extends Error {
  readonly code: RtmpErrorCode;
  readonly phase: RtmpPhase;
  readonly data: RtmpErrorData;

  constructor(
    code: RtmpErrorCode,
    phase: RtmpPhase,
    reason: string,
    data: RtmpErrorData = {},
    options?: ErrorOptions,
  ) {
    super(`${sentences[code]} (${phase}): ${reason}`, options);
    this.name = 'RtmpError';
    this.code = code;
    this.phase = phase;
    this.data = { reason, ...data };
  }
}

export const abortedByCaller = (phase: RtmpPhase): RtmpError =>
  new RtmpError('aborted', phase, 'aborted by the caller');

const sentences: Record<RtmpErrorCode, string> = {
  'invalid-url': 'Not an RTMP address',
  unsupported: 'Not supported',
  'dns-not-found': 'No such host',
  refused: 'The connection was refused',
  unreachable: 'The host cannot be reached',
  timeout: 'The server did not answer in time',
  'tls-not-spoken': 'The server does not speak TLS',
  'tls-certificate': 'The certificate is not trusted',
  'not-rtmp': 'The server does not speak RTMP',
  'connect-rejected': 'The server refused the application',
  'publish-rejected': 'The server refused the stream',
  'stream-busy': 'The stream is already live',
  'auth-required': 'The server asks for a user name and a password',
  'auth-failed': 'The user name or the password is wrong',
  'proxy-rejected': 'The proxy refused',
  'stream-not-found': 'No such stream',
  'play-rejected': 'The server refused to play the stream',
  'call-failed': 'The server could not do what it was asked for',
  closed: 'The server closed the connection',
  reset: 'The connection broke',
  aborted: 'Aborted',
  protocol: 'The peer broke the rules of RTMP',
};
