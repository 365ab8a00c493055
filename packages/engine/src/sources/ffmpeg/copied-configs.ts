import type { EncodedPacket } from 'node-rtmp-client';
import { InBandConfigs } from '../in-band-configs.js';
import type { AdtsFormats } from './adts-formats.js';

/** Tells the changes of configuration within a file that is copied, of which ffmpeg tells only what it began with. */
export class CopiedConfigs {
  readonly #video = new InBandConfigs();
  readonly #adts: AdtsFormats | undefined;
  #audioFrames = 0;

  /** @param adts of sound that comes with ADTS; absent where its container knows its formats. */
  constructor(adts: AdtsFormats | undefined) {
    this.#adts = adts;
  }

  /** The packet, behind the configuration that it needs where that is news. */
  async note(packet: EncodedPacket, signal: AbortSignal): Promise<EncodedPacket[]> {
    if (packet.track === 'video') return this.#video.note(packet);
    if (packet.type === 'config' || !this.#adts) return [packet];
    const payload = await this.#adts.changeAt(this.#audioFrames, signal);
    this.#audioFrames += 1;
    return payload ? [{ ...packet, type: 'config', payload }, packet] : [packet];
  }
}
