import type { AmfValue } from '../amf/amf-value.js';
import { withinLimit } from '../async/within-limit.js';
import { MalformedError } from '../bytes/malformed-error.js';
import { deadlineOf, type Deadlines } from '../net/phase-runner.js';
import { abortedByCaller, RtmpError } from '../session/rtmp-error.js';
import type { ClientConnection } from './client-connection.js';

/** Calls a method of the server and waits for the answer. @throws RtmpError */
export async function callPeer(
  connection: ClientConnection,
  name: string,
  values: readonly AmfValue[],
  options: {
    readonly signal?: AbortSignal | undefined;
    readonly deadlines?: Deadlines | undefined;
  },
): Promise<AmfValue[]> {
  const { error, session } = connection;
  const { signal, deadlines } = options;
  if (error !== undefined) throw error;
  if (signal?.aborted === true) {
    throw abortedByCaller('streaming');
  }
  const call = begin(connection, name, values);
  const limitMs = deadlineOf('call', deadlines);
  let answer: readonly AmfValue[] | RtmpError | undefined;
  try {
    await withinLimit(
      { limitMs, signal },
      (limited) =>
        connection.waitFor((events) => {
          for (const event of events) {
            if (event.type === 'answered' && event.call === call) ({ answer } = event);
          }
          return answer !== undefined;
        }, limited),
      () => new RtmpError('timeout', 'streaming', `no answer to ${name}`),
    );
  } finally {
    session.forgetCall(call);
  }
  if (answer instanceof RtmpError) throw answer;
  return [...(answer ?? [])];
}

function begin(connection: ClientConnection, name: string, values: readonly AmfValue[]): number {
  try {
    const call = connection.session.call(name, values);
    void connection.flush();
    return call;
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    throw new RtmpError('call-failed', 'streaming', error.message, {}, { cause: error });
  }
}
