import type { AmfValue } from '../amf/amf-value.js';
import { MalformedError } from '../bytes/malformed-error.js';
import { RtmpError } from '../session/rtmp-error.js';
import type { ClientConnection } from './client-connection.js';
import { deadlineOf, type Deadlines } from './phase-runner.js';

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
  if (error !== undefined) throw error;
  if (options.signal?.aborted === true) {
    throw new RtmpError('aborted', 'streaming', 'aborted by the caller');
  }
  const call = begin(connection, name, values);
  let answer: readonly AmfValue[] | RtmpError | undefined;
  try {
    await withinDeadline(options, `no answer to ${name}`, (signal) =>
      connection.waitFor((events) => {
        for (const event of events) {
          if (event.type === 'answered' && event.call === call) ({ answer } = event);
        }
        return answer !== undefined;
      }, signal),
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

/** Waits until the deadline for calls. @throws RtmpError 'timeout', 'aborted', or what `wait` throws. */
export async function withinDeadline(
  {
    signal,
    deadlines,
  }: { readonly signal?: AbortSignal | undefined; readonly deadlines?: Deadlines | undefined },
  reason: string,
  wait: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), deadlineOf('call', deadlines));
  try {
    await wait(signal === undefined ? limit.signal : AbortSignal.any([signal, limit.signal]));
  } catch (error) {
    if (!limit.signal.aborted || signal?.aborted === true) throw error;
    throw new RtmpError('timeout', 'streaming', reason);
  } finally {
    clearTimeout(timer);
  }
}
