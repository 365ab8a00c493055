import {
  AppError,
  appError,
  type ErrorCode,
  type ErrorData,
  isDestinationPhase,
  reason,
  type Reason,
  type Wording,
} from '@tallylight/contract';
import { RtmpError, type RtmpPhase, type RtmpProblem } from 'node-rtmp-client';
import type { LossCause } from './reconnect-machine.js';
import { readableHost } from './stream-place.js';

export interface DestinationContext {
  readonly host: string;
  readonly port: number;
  readonly app: string;
  /** Without the stream key. */
  readonly url: string;
  /** Takes keys out of whatever the server or a library said, such as a logger's `redact`. */
  readonly redact: (text: string) => string;
  /** Takes the key out of an application that it was typed into; `redact` might take the application for the key. */
  readonly hideKey?: (app: string) => string;
}

/** Translates a failure of the library into the catalogue. Anything else becomes INTERNAL. */
export function rtmpErrorToAppError(error: unknown, context: DestinationContext): AppError {
  if (error instanceof AppError) return error;
  if (!(error instanceof RtmpError)) {
    const reason = error instanceof Error ? error.message : String(error);
    return appError('INTERNAL', { reason: context.redact(reason) }, { cause: error });
  }
  const { host, port, app, url } = { ...context, ...placeOf(error, context) };
  const why = reasonOf(error, context);
  // The library and the checklist name the phases of a connection alike.
  const phase = isDestinationPhase(error.phase) ? error.phase : undefined;
  const make = (code: ErrorCode, data: ErrorData): AppError =>
    appError(code, { host, port, ...data }, { ...(phase && { phase }), cause: error });

  switch (error.code) {
    case 'unsupported':
      // It asks for a kind of authentication that we do not know.
      if (error.phase === 'connect') return make('APP_REJECTED', { app, reason: why });
      return appError('INVALID_URL', { url, reason: why }, { cause: error });
    case 'invalid-url':
      return appError('INVALID_URL', { url, reason: why }, { cause: error });
    case 'dns-not-found':
      return make('HOST_NOT_FOUND', {});
    case 'refused':
      return make('CONNECTION_REFUSED', {});
    case 'unreachable':
    case 'proxy-rejected':
      return make('HOST_UNREACHABLE', {});
    case 'timeout':
      if (error.phase === 'dns' || error.phase === 'tcp') return make('CONNECT_TIMEOUT', {});
      if (error.phase === 'streaming') return make('CONNECTION_LOST', { reason: why });
      return make('SERVER_SILENT', { phase: error.phase });
    case 'tls-not-spoken':
      return make('TLS_NOT_SPOKEN', {});
    case 'tls-certificate':
      return make('TLS_CERTIFICATE', { reason: why });
    case 'not-rtmp':
      return make('NOT_RTMP', { reason: why });
    case 'connect-rejected':
      return app === ''
        ? make('APP_MISSING', { reason: why, example: exampleApp(url) })
        : make('APP_REJECTED', { app, reason: why });
    case 'publish-rejected':
      return isUnanswered(error)
        ? make('CLOSED_AT_PUBLISH', {})
        : make('STREAM_REFUSED', { reason: why });
    case 'play-rejected':
      return make('PLAY_REFUSED', { reason: why });
    case 'stream-busy':
      return make('STREAM_BUSY', { reason: why });
    case 'auth-required':
      return make('AUTH_REQUIRED', {});
    case 'auth-failed':
      return make('AUTH_FAILED', {});
    case 'stream-not-found':
      return make('STREAM_NOT_FOUND', { reason: why });
    case 'closed':
    case 'reset':
    case 'aborted':
    case 'protocol':
    case 'call-failed':
      return endedConnection(error.phase, why, make);
  }
}

/** A connection that ended means different things in different phases. */
function endedConnection(
  phase: RtmpPhase,
  why: Wording,
  make: (code: ErrorCode, data: ErrorData) => AppError,
): AppError {
  switch (phase) {
    case 'dns':
    case 'tcp':
    case 'proxy':
      return make('CONNECTION_REFUSED', {});
    case 'tls':
      return make('TLS_NOT_SPOKEN', {});
    case 'handshake':
    case 'connect':
    case 'publish':
      return make('NOT_RTMP', { reason: why });
    case 'play':
    case 'streaming':
    case 'close':
      return make('CONNECTION_LOST', { reason: why });
  }
}

/** What an error says of another try: `final`, that it cannot succeed, for what was asked for makes no sense. */
export function lossCause(error: unknown): LossCause {
  if (!(error instanceof RtmpError)) return 'final';
  switch (error.code) {
    case 'invalid-url':
    case 'unsupported':
    case 'tls-not-spoken':
    case 'tls-certificate':
    case 'auth-required':
    case 'auth-failed':
    case 'proxy-rejected':
    case 'stream-not-found':
    case 'play-rejected':
    case 'aborted':
      return 'final';
    case 'connect-rejected':
      // Without a word it may as well be a server that is just coming back.
      return error.data['serverCode'] === undefined ? 'line' : 'final';
    case 'publish-rejected':
      if (isUnanswered(error)) return 'unanswered';
      return error.data['serverCode'] === undefined ? 'line' : 'denied';
    case 'stream-busy':
      return 'busy';
    case 'dns-not-found':
    case 'refused':
    case 'unreachable':
    case 'timeout':
    case 'not-rtmp':
    case 'closed':
    case 'reset':
    case 'protocol':
    case 'call-failed':
      return 'line';
  }
}

/**
 * Whether the server ended the connection when the stream was announced, without a word: nginx-rtmp and others refuse a key
 * so, and a server that is stopped in that moment does the same.
 */
export const isUnanswered = (error: unknown): boolean =>
  error instanceof RtmpError &&
  error.code === 'publish-rejected' &&
  (error.data['problem'] === 'closed' || error.data['problem'] === 'reset');

/** True where the other side ended the connection and did not say why. */
export const isSilentClose = (error: unknown): boolean =>
  error instanceof RtmpError && (error.code === 'closed' || error.code === 'reset');

/** What the server said, or what we say where it said nothing. */
function reasonOf(error: RtmpError, { redact, url }: DestinationContext): Wording {
  switch (error.code) {
    case 'closed':
    case 'reset':
      // As a server does that waits for TLS, and others.
      if (error.phase === 'handshake' && url.startsWith('rtmp:'))
        return reason('closed-without-tls');
      return reason(error.code);
    case 'timeout':
      return reason('timed-out');
    case 'tls-certificate':
      return whyUntrusted(error.cause) ?? redact(String(error.data['reason'] ?? error.message));
    default:
      return ours(error.data) ?? redact(String(error.data['reason'] ?? error.message));
  }
}

/** What the library says where the server said nothing, for people in their language. */
function ours({ problem, firstByte }: RtmpError['data']): Reason | undefined {
  switch (problem as RtmpProblem | undefined) {
    case 'closed':
    case 'reset':
    case 'no-reason-given':
      return reason(problem as 'closed' | 'reset' | 'no-reason-given');
    case 'web-server':
      return reason('peer-web-server');
    case 'tls-expected':
      return reason('peer-expects-tls');
    case 'ssh-server':
      return reason('peer-ssh-server');
    case 'unknown-protocol':
      return reason('peer-unknown', { byte: Number(firstByte) });
    case 'unknown-authentication':
      return reason('authentication-unknown');
    case 'too-many-redirects':
      return reason('too-many-redirects');
    case undefined:
      return undefined;
  }
}

/** Node's codes of what is wrong with a certificate; its words are English. */
function whyUntrusted(cause: unknown): Reason | undefined {
  const code: unknown = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return reason('certificate-expired');
    case 'CERT_NOT_YET_VALID':
      return reason('certificate-not-yet-valid');
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
    case 'HOSTNAME_MISMATCH':
      return reason('certificate-of-another');
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
      return reason('certificate-self-signed');
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return reason('certificate-unknown-issuer');
    default:
      return undefined;
  }
}

/** An address without an application, as it looks with one. */
export const exampleApp = (url: string): string => `${url.replace(/\/+$/, '')}/live`;

/** Where it happened, which after a redirect or a move is not where we were told to go. */
function placeOf(
  { data }: RtmpError,
  { hideKey = (text) => text }: DestinationContext,
): Partial<DestinationContext> {
  const { host, port, app } = data;
  return {
    ...(typeof host === 'string' && { host: readableHost(host) }),
    ...(typeof port === 'number' && { port }),
    ...(typeof app === 'string' && { app: hideKey(app) }),
  };
}
