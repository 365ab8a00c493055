import { appError } from '@tallylight/contract';
import type { EncodedPacket } from 'node-rtmp-client';
import { wait } from 'node-rtmp-client/async';
import type { MediaSource, SourceControl } from '../../src/sources/media-source.js';
import { audioConfig, audioFrame, frameMs, videoConfig, videoFrame } from './model-packets.js';

export interface ModelSourceOptions {
  /** Pictures from keyframe to keyframe. */
  readonly framesInGroup: number;
  /** Whether the encoder can be told a bitrate, and asked for a keyframe. */
  readonly obeys: boolean;
}

/** A camera and its encoder, with their faults. */
export class ModelSource implements MediaSource {
  readonly name = 'Model camera';
  readonly hasAudio = true;
  readonly status = { droppedFrames: 0 };
  readonly control?: SourceControl;
  /** False: it gives nothing. */
  flows = true;
  /** True: it does not end when it is told to. */
  isDeaf = false;
  isClosed = false;
  readonly #framesInGroup: number;
  #keyframeWanted = false;
  #encoder = 0;
  #restartWanted = false;
  #end: 'ends' | 'fails' | undefined;
  readonly #references: boolean[] = [];

  constructor({ framesInGroup, obeys }: ModelSourceOptions) {
    this.#framesInGroup = framesInGroup;
    if (!obeys) return;
    this.control = {
      requestKeyframe: () => (this.#keyframeWanted = true),
      setVideoBitrate: () => undefined,
    };
  }

  /** Whether later pictures are decoded from this one. */
  readonly isReference = (index: number): boolean => this.#references[index] ?? true;

  /** The encoder is started anew, with another configuration. */
  restartEncoder(): void {
    this.#restartWanted = true;
  }

  end(how: 'ends' | 'fails'): void {
    this.#end ??= how;
  }

  get isOver(): boolean {
    return this.#end !== undefined;
  }

  #stands(): boolean {
    return !this.flows && !this.isOver;
  }

  async *packets(signal: AbortSignal): AsyncGenerator<EncodedPacket, void, undefined> {
    let sinceKeyframe = 0;
    try {
      for (let index = 0; this.#end === undefined; index += 1) {
        // The clock goes on where it stands still: those frames were never taken.
        while (this.#stands()) {
          if (!(await wait(frameMs, this.isDeaf ? undefined : signal))) return;
        }
        const ms = performance.now();
        const isFirst = index === 0;
        if (this.#restartWanted || isFirst) {
          if (this.#restartWanted) this.#encoder += 1;
          this.#restartWanted = false;
          this.#keyframeWanted = true;
          yield videoConfig(ms, this.#encoder);
          if (isFirst) yield audioConfig(ms, this.#encoder);
        }
        const isKey = this.#keyframeWanted || sinceKeyframe >= this.#framesInGroup;
        this.#keyframeWanted = false;
        sinceKeyframe = isKey ? 1 : sinceKeyframe + 1;
        const isReference = isKey || index % 3 !== 0;
        this.#references.push(isReference);
        const number = { index, encoder: this.#encoder, isReference };
        const kind = isKey ? 'keyframe' : isReference ? 'reference' : 'disposable';
        yield videoFrame(ms, kind, number);
        yield audioFrame(ms + 1, number);
        if (!(await wait(frameMs, this.isDeaf ? undefined : signal))) return;
      }
      if (this.#end === 'fails') throw appError('CAPTURE_FAILED', { source: 'the model' });
    } finally {
      this.isClosed = true;
    }
  }
}
