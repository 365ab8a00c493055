import { RtmpError, type RtmpErrorCode, type RtmpPhase } from '../session/rtmp-error.js';

const codes: Readonly<Record<string, RtmpErrorCode>> = {
  ENOTFOUND: 'dns-not-found',
  ENODATA: 'dns-not-found',
  EAI_AGAIN: 'dns-not-found',
  EAI_NODATA: 'dns-not-found',
  EAI_NONAME: 'dns-not-found',
  EAI_FAIL: 'dns-not-found',
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETDOWN: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  EACCES: 'unreachable',
  EPERM: 'unreachable',
  ETIMEDOUT: 'timeout',
};

const certificateCodes =
  /^(CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERR_TLS_CERT|ERR_SSL_(TLSV1_ALERT_UNKNOWN_CA|CERTIFICATE)|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED)/;

/** What Node's own error means in the given phase. */
export function networkError(error: unknown, phase: RtmpPhase): RtmpError {
  if (error instanceof RtmpError) return error;
  // Happy Eyeballs reports one error per address; the last one tried is as good as any.
  const cause: unknown = error instanceof AggregateError ? error.errors.at(-1) : error;
  const code = errorCode(cause);
  const reason = cause instanceof Error ? describe(cause, code) : 'unknown error';
  return new RtmpError(classify(code, phase), phase, reason, {}, { cause });
}

function classify(code: string, phase: RtmpPhase): RtmpErrorCode {
  if (phase === 'dns') return 'dns-not-found';
  if (phase === 'tls') {
    if (certificateCodes.test(code)) return 'tls-certificate';
    // Whatever else ends a TLS handshake: the other side does not do TLS, or none that we accept.
    return code === 'ETIMEDOUT' ? 'timeout' : 'tls-not-spoken';
  }
  const known = codes[code];
  if (phase === 'tcp') return known ?? 'unreachable';
  if (phase === 'proxy') return 'proxy-rejected';
  return 'reset';
}

function errorCode(error: unknown): string {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}

function describe(error: Error, code: string): string {
  switch (code) {
    case 'ENOTFOUND':
      return 'the name is not known';
    case 'EAI_AGAIN':
      return 'the name service does not answer';
    case 'ECONNREFUSED':
      return 'nothing listens on the port';
    case 'ECONNRESET':
      return 'the peer broke it off';
    case 'EPIPE':
      return 'the peer has left';
    default:
      // OpenSSL's messages are long and name source files; its code says the same.
      return code.startsWith('ERR_SSL') || code === 'EPROTO' ? code : error.message;
  }
}
