import { isAmfObject, type AmfObject, type AmfValue } from '../amf/amf-value.js';
import { Redactor } from '../redact/redactor.js';
import { RtmpError, type RtmpErrorCode, type RtmpPhase, type RtmpProblem } from './rtmp-error.js';

const maxWords = 500;

/** The information object of onStatus, _result and _error, RTMP 1.0 §7.2.2. Stream keys are taken out of its words. */
export interface ServerStatus {
  readonly level: string;
  readonly code: string;
  readonly description: string;
}

export function parseServerStatus(
  values: readonly AmfValue[],
  secrets: readonly string[],
): ServerStatus {
  const information = findInformation(values);
  const text = (key: string): string => {
    const value = information?.[key];
    return typeof value === 'string' ? value : '';
  };
  const words = values.find((value) => typeof value === 'string') ?? '';
  // RTMP's own vocabulary stays, also when the key happens to be a word of it.
  const unlessKnown = (value: string, known: RegExp): string =>
    known.test(value) ? value : showable(value, secrets);
  return {
    level: unlessKnown(text('level'), /^(status|warning|error)$/),
    code: unlessKnown(text('code'), /^Net(Connection|Stream)(\.[A-Za-z]+)+$/),
    description: showable(text('description') || words, secrets),
  };
}

/** The object with the code among the values of an answer or a status. */
export function findInformation(values: readonly AmfValue[]): AmfObject | undefined {
  // By the book it is the second; some servers leave out the null before it. In connect's answer the first is an
  // object too, of the server's properties.
  const objects = values.filter(isAmfObject);
  return objects.find((object) => typeof object['code'] === 'string') ?? objects[0];
}

/** A server's words without secrets, and without what would upset a terminal or fill a log. */
const showable = (words: string, secrets: readonly string[]): string =>
  new Redactor(secrets).redact(words.replace(/\p{Cc}+/gu, ' ')).slice(0, maxWords);

/** Whether a status ends the stream, also where the server forgot to set the level. */
export const isRefusal = ({ level, code }: ServerStatus): boolean =>
  level === 'error' ||
  /^NetStream\.(Publish\.(BadName|Denied|Failed)|Play\.(StreamNotFound|Failed))$/.test(code) ||
  /^NetConnection\.Connect\.(Rejected|Failed|Closed|AppShutdown|InvalidApp)$/.test(code);

/** What a refusal in the given phase means; `code` where the caller knows better. */
export function statusError(
  status: ServerStatus,
  phase: RtmpPhase,
  code: RtmpErrorCode = classify(status, phase),
): RtmpError {
  const words = status.description || status.code;
  return new RtmpError(code, phase, words || 'the server gave no reason', {
    ...(status.code !== '' && { serverCode: status.code }),
    ...(words === '' && { problem: 'no-reason-given' satisfies RtmpProblem }),
  });
}

function classify({ code, description }: ServerStatus, phase: RtmpPhase): RtmpErrorCode {
  // Adobe's and Limelight's challenges come as a rejected connect whose description names the scheme.
  if (/authmod=|code=403 need auth|NetStream\.Authenticate/i.test(`${code} ${description}`)) {
    return 'auth-required';
  }
  if (code === 'NetStream.Publish.BadName') return 'stream-busy';
  if (code.startsWith('NetStream.Publish')) return 'publish-rejected';
  if (/NotFound/i.test(code)) return 'stream-not-found';
  if (code.startsWith('NetStream.Play')) return 'play-rejected';
  switch (phase) {
    case 'connect':
      return 'connect-rejected';
    case 'publish':
      return 'publish-rejected';
    case 'play':
      return 'play-rejected';
    default:
      return 'closed';
  }
}
