import { MalformedError } from '../bytes/malformed-error.js';
import type { AmfValue } from '../amf/amf-value.js';
import type { CommandMessage } from '../message/command.js';
import type { ProtocolChannel } from './protocol-channel.js';

/** More than anybody waits for at a time. */
const maxWaiting = 1024;

type OnAnswer = (isResult: boolean, answer: CommandMessage) => void;

/** Remote calls of a client and the answers that they wait for, RTMP 1.0 §7.2.1. */
export class ClientCalls {
  readonly #channel: ProtocolChannel;
  readonly #waiting = new Map<number, OnAnswer>();
  #last = 0;

  constructor(channel: ProtocolChannel) {
    this.#channel = channel;
  }

  /** Calls something whose answer does not matter, if there is any: of these nothing is kept. */
  tell(streamId: number, name: string, ...values: AmfValue[]): void {
    this.#send(streamId, name, ++this.#last, values);
  }

  /** Says something that is never answered but by a status; its transaction id is 0, §7.2.2. */
  command(streamId: number, name: string, ...values: AmfValue[]): void {
    this.#send(streamId, name, 0, values);
  }

  /**
   * @returns the transaction id, by which the call can be forgotten.
   * @throws MalformedError when a thousand calls wait already.
   */
  ask(streamId: number, name: string, values: readonly AmfValue[], onAnswer: OnAnswer): number {
    if (this.#waiting.size >= maxWaiting) {
      throw new MalformedError(`${maxWaiting} calls wait for an answer`);
    }
    const transactionId = ++this.#last;
    this.#waiting.set(transactionId, onAnswer);
    this.#send(streamId, name, transactionId, values);
    return transactionId;
  }

  forget(transactionId: number): void {
    this.#waiting.delete(transactionId);
  }

  /** Takes a _result or _error to whom it belongs; others are passed over. */
  answer(answer: CommandMessage): void {
    const onAnswer = this.#waiting.get(answer.transactionId);
    this.#waiting.delete(answer.transactionId);
    onAnswer?.(answer.name === '_result', answer);
  }

  #send(streamId: number, name: string, transactionId: number, values: readonly AmfValue[]): void {
    this.#channel.send({ type: 'command', streamId, name, transactionId, values });
  }
}
