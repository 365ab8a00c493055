import { FlvFileWriter, type EncodedPacket, type FlvPatch } from 'node-rtmp-client';
import { flvMetadata } from '../flv-metadata.js';
import { MillisecondClock } from '../millisecond-clock.js';
import type { StreamDescription } from '../stream-description.js';
import type { RecordingFormat } from './recording-format.js';

/** FLV, with its duration and an index to seek by once it is complete. It takes whatever RTMP takes. */
export class FlvFormat implements RecordingFormat {
  readonly #clock = new MillisecondClock();
  #writer: FlvFileWriter | undefined;

  start(description: StreamDescription): readonly Uint8Array[] {
    const { hasAudio, video } = description;
    this.#writer = new FlvFileWriter({ hasAudio, hasVideo: video !== undefined });
    return this.#writer.header(flvMetadata(description));
  }

  /** The new configurations come with the packets; the head of the file says how it began. */
  change(): void {
    return;
  }

  push(packet: EncodedPacket): readonly Uint8Array[] {
    return this.#writer?.item({ type: 'packet', packet: this.#clock.round(packet) }) ?? [];
  }

  end(): readonly Uint8Array[] {
    return [];
  }

  patches(): readonly FlvPatch[] {
    return this.#writer?.finish() ?? [];
  }
}
