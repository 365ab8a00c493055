import type { AmfObject, AmfValue } from '../../src/amf/amf-value.js';
import { parseAmf0, serializeAmf0 } from '../../src/amf/amf0.js';
import { hex, joined, RawChunkReader, wholeMessage } from './raw-chunks.js';

/** A message as it was on the wire; `values` of commands and data, type 20 and 18. */
export interface RawMessage {
  readonly chunkStreamId: number;
  readonly typeId: number;
  readonly streamId: number;
  readonly payload: Uint8Array;
  readonly values: readonly AmfValue[];
}

/** One end of a connection in memory whose other end is a session of ours. Speaks what it is told to, right or wrong. */
export class RawPeer {
  readonly #drainOutput: () => Uint8Array[];
  readonly #receive: (bytes: Uint8Array) => void;
  readonly #reader = new RawChunkReader();
  readonly #unfinished = new Map<number, Uint8Array[]>();

  constructor(session: {
    readonly drainOutput: () => Uint8Array[];
    readonly receive: (bytes: Uint8Array) => void;
  }) {
    this.#drainOutput = session.drainOutput;
    this.#receive = session.receive;
  }

  /** Bytes that are no chunks: the handshake's. */
  takeBytes(): Uint8Array {
    return joined(...this.#drainOutput());
  }

  sendBytes(...pieces: readonly Uint8Array[]): void {
    this.#receive(joined(...pieces));
  }

  /** The client's side of the simple handshake; afterwards chunks may be of any size. */
  shakeHandsAsClient(): this {
    this.sendBytes(Uint8Array.of(3), new Uint8Array(1536));
    const s1 = this.takeBytes().subarray(1, 1537);
    this.sendBytes(s1, hex('02 000000 000004 01 00000000 7fffffff'));
    return this;
  }

  shakeHandsAsServer(): this {
    const c1 = this.takeBytes().subarray(1);
    this.sendBytes(Uint8Array.of(3), new Uint8Array(1536), c1);
    // C2, then the first chunks.
    const answer = this.takeBytes();
    this.#push(answer.subarray(1536));
    this.sendBytes(hex('02 000000 000004 01 00000000 7fffffff'));
    return this;
  }

  /** What the session has sent since the last time. */
  take(): RawMessage[] {
    this.#push(this.takeBytes());
    const messages = this.#messages;
    this.#messages = [];
    return messages;
  }

  takeCommands(): RawMessage[] {
    return this.take().filter(({ typeId }) => typeId === 20);
  }

  send(
    typeId: number,
    payload: Uint8Array,
    header: { readonly streamId?: number; readonly timestamp?: number } = {},
  ): this {
    const chunkStreamId = typeId < 8 ? 2 : 5;
    this.sendBytes(wholeMessage({ chunkStreamId, typeId, streamId: 0, ...header, payload }));
    return this;
  }

  /** A command of the connection. */
  call(name: string, transactionId: number, ...values: readonly AmfValue[]): this {
    return this.send(20, serializeAmf0([name, transactionId, ...values]));
  }

  /** A command of a stream. */
  command(streamId: number, name: string, ...values: readonly AmfValue[]): this {
    return this.send(20, serializeAmf0([name, 0, null, ...values]), { streamId });
  }

  status(streamId: number, code: string, level = 'status', more: AmfObject = {}): this {
    return this.command(streamId, 'onStatus', { level, code, description: '', ...more });
  }

  #messages: RawMessage[] = [];

  #push(bytes: Uint8Array): void {
    for (const chunk of this.#reader.read(bytes)) {
      const { chunkStreamId, typeId, streamId, length, data } = chunk;
      const pieces = [...(this.#unfinished.get(chunkStreamId) ?? []), data];
      const payload = joined(...pieces);
      if (payload.length < length) {
        this.#unfinished.set(chunkStreamId, pieces);
        continue;
      }
      this.#unfinished.delete(chunkStreamId);
      const values = typeId === 20 || typeId === 18 ? parseAmf0(payload) : [];
      this.#messages.push({ chunkStreamId, typeId, streamId, payload, values });
    }
  }
}

export const named = (messages: readonly RawMessage[], name: string): RawMessage[] =>
  messages.filter(({ values }) => values[0] === name);

/** Names of commands, in their order. */
export const namesOf = (messages: readonly RawMessage[]): AmfValue[] =>
  messages.map(({ values }) => values[0]);
