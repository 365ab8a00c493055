import type { EncodedPacket } from 'node-rtmp-client';
import { numberOf } from './model-packets.js';

/**
 * What one receiver got, checked as it comes: first the configurations of both tracks and a keyframe, packets in order,
 * times that never go back, no picture without those that it is decoded from or the configuration of its encoder.
 */
export class ReceivedStream {
  readonly #name: string;
  readonly #problem: (what: string) => void;
  /** Which encoder the newest configuration of each track is of. */
  readonly #configs = new Map<EncodedPacket['track'], number>();
  #hasBegun = false;
  #lastDts = -1;
  readonly #lastIndex = { video: -1, audio: -1, data: -1 };
  readonly frames = { video: 0, audio: 0 };
  /** Frames that are missing between those that came. */
  readonly gaps = { video: 0, audio: 0 };
  readonly #isReference: (index: number) => boolean;

  constructor(
    name: string,
    isReference: (index: number) => boolean,
    problem: (what: string) => void,
  ) {
    this.#name = name;
    this.#isReference = isReference;
    this.#problem = problem;
  }

  get lastIndex(): { readonly video: number; readonly audio: number } {
    return this.#lastIndex;
  }

  take(packet: EncodedPacket): void {
    const { index, encoder } = numberOf(packet);
    if (packet.dts < this.#lastDts) this.#say(`${packet.dts} µs after ${this.#lastDts}`);
    if (packet.type === 'config') {
      this.#configs.set(packet.track, encoder);
      return;
    }
    this.#lastDts = packet.dts;
    const track = packet.track === 'video' ? 'video' : 'audio';
    if (!this.#hasBegun && !(track === 'video' && packet.keyframe)) {
      this.#say(`begins with a frame of ${track} that is no keyframe`);
    }
    if (!this.#hasBegun && this.#configs.size < 2) this.#say('begins without its configurations');
    if (track === 'video' && this.#configs.get('video') !== encoder) {
      this.#say(`picture ${index} is of another encoder than the configuration before it`);
    }
    const last = this.#lastIndex[track];
    if (index <= last) this.#say(`${track} ${index} after ${last}`);
    if (last >= 0 && index > last + 1) this.gaps[track] += index - last - 1;
    if (track === 'video' && this.#hasBegun && !packet.keyframe) this.#checkDecodable(last, index);
    this.#lastIndex[track] = index;
    this.frames[track] += 1;
    this.#hasBegun = true;
  }

  #checkDecodable(last: number, index: number): void {
    for (let missing = last + 1; missing < index; missing += 1) {
      if (!this.#isReference(missing)) continue;
      this.#say(`picture ${index} came without ${missing}`);
      return;
    }
  }

  #say(what: string): void {
    this.#problem(`${this.#name}: ${what}`);
  }
}
