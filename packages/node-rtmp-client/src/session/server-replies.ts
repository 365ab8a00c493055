import type { AmfValue } from '../amf/amf-value.js';
import type { ProtocolChannel } from './protocol-channel.js';

/** The commands by which a server answers and tells news, RTMP 1.0 §7.2. */
export class ServerReplies {
  readonly #channel: ProtocolChannel;

  constructor(channel: ProtocolChannel) {
    this.#channel = channel;
  }

  /** Answers a call, unless it asked for no answer (§7.2.1.2). */
  result(transactionId: number, ...values: AmfValue[]): void {
    if (transactionId !== 0) this.send(0, '_result', transactionId, ...values);
  }

  /** An error in answer to a call, or as news of the stream when the call asked for no answer. */
  fault(streamId: number, transactionId: number, code: string, description: string): void {
    if (transactionId === 0) this.status(streamId, 'error', code, description);
    else this.send(0, '_error', transactionId, null, { level: 'error', code, description });
  }

  status(streamId: number, level: 'status' | 'error', code: string, description: string): void {
    this.send(streamId, 'onStatus', 0, null, { level, code, description });
  }

  send(streamId: number, name: string, transactionId: number, ...values: AmfValue[]): void {
    this.#channel.send({ type: 'command', streamId, name, transactionId, values });
  }
}
