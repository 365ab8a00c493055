import type { AmfValue } from '../amf/amf-value.js';
import { ByteWriter } from '../bytes/byte-writer.js';
import { MalformedError } from '../bytes/malformed-error.js';
import type { EncodedPacket } from './encoded-packet.js';
import { serializeFlvAudioBodyHeader } from './flv-audio-body.js';
import { serializeFlvMetadata } from './flv-metadata.js';
import { flvTagType, tagHeaderLength } from './flv-tag.js';
import { flvMilliseconds } from './flv-time.js';
import { serializeFlvVideoBodyHeader } from './flv-video-body.js';

export interface FlvMuxerOptions {
  /** What the file header promises; players that trust it wait for a promised track. Both by default. */
  readonly hasVideo?: boolean;
  readonly hasAudio?: boolean;
}

/** Writes an FLV file (FLV 10.1 §E): the header first, then each packet. Returns pieces so that payloads are not copied. */
export class FlvMuxer {
  readonly #flags: number;

  constructor(options: FlvMuxerOptions = {}) {
    const { hasVideo = true, hasAudio = true } = options;
    this.#flags = (hasAudio ? 4 : 0) | (hasVideo ? 1 : 0);
  }

  /** The file header, and an onMetaData tag when there is metadata. */
  header(metadata?: Record<string, AmfValue>): Uint8Array[] {
    const header = new ByteWriter(13).text('FLV').u8(1).u8(this.#flags).u32(9).u32(0).finish();
    if (metadata === undefined) return [header];
    const body = serializeFlvMetadata(metadata);
    return [header, ...tag(flvTagType.script, 0, new Uint8Array(0), body)];
  }

  /**
   * One tag. The payload is handed on as it is.
   *
   * @throws MalformedError when the packet does not fit a tag (16 MiB).
   */
  packet(packet: EncodedPacket): Uint8Array[] {
    const [type, bodyHeader] =
      packet.track === 'video'
        ? [flvTagType.video, serializeFlvVideoBodyHeader(packet)]
        : [flvTagType.audio, serializeFlvAudioBodyHeader(packet)];
    return tag(type, flvMilliseconds(packet.dts), bodyHeader, packet.payload);
  }
}

function tag(
  type: number,
  timestampMs: number,
  bodyHeader: Uint8Array,
  payload: Uint8Array,
): Uint8Array[] {
  const length = bodyHeader.length + payload.length;
  if (length > 0xffffff) throw new MalformedError(`${length} bytes do not fit an FLV tag`);
  const header = new ByteWriter(tagHeaderLength + bodyHeader.length)
    .u8(type)
    .u24(length)
    .u24(timestampMs & 0xffffff)
    .u8(timestampMs >>> 24)
    .u24(0)
    .bytes(bodyHeader)
    .finish();
  return [header, payload, new ByteWriter(4).u32(tagHeaderLength + length).finish()];
}
