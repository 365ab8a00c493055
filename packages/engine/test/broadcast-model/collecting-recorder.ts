import type { OutputStatus } from '@tallylight/contract';
import type { EncodedPacket } from 'node-rtmp-client';
import type { Output, OutputContext } from '../../src/outputs/output.js';
import { ReceivedStream } from './received-stream.js';

/** A recording without a disk: keeps account of what it got, which must be everything. */
export class CollectingRecorder implements Output {
  readonly id: string;
  readonly received: ReceivedStream;
  readonly pressure = { queuedMs: 0, queuedBytes: 0 };
  isFinished = false;
  #onChange: () => void = () => undefined;

  constructor(
    id: string,
    isReference: (index: number) => boolean,
    problem: (what: string) => void,
  ) {
    this.id = id;
    this.received = new ReceivedStream(id, isReference, problem);
  }

  get status(): OutputStatus {
    const { id } = this;
    return {
      ...{ type: 'recording', reach: 'local', id, name: id, path: id, bytes: 0 },
      state: this.isFinished ? 'stopped' : 'live',
    };
  }

  open({ onChange }: OutputContext): void {
    this.#onChange = onChange;
  }

  start(): void {
    // What it is told here, its packets show.
  }

  change(): void {
    // As above.
  }

  push(packet: EncodedPacket): void {
    if (!this.isFinished) this.received.take(packet);
  }

  finish(): Promise<void> {
    this.isFinished = true;
    this.#onChange();
    return Promise.resolve();
  }
}
