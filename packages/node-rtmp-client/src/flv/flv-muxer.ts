import type { AmfObject } from '../amf/amf-value.js';
import { ByteWriter } from '../bytes/byte-writer.js';
import { MalformedError } from '../bytes/malformed-error.js';
import type { AudioPacket, EncodedPacket, VideoPacket } from './encoded-packet.js';
import { serializeFlvAudioBodyHeader } from './flv-audio-body.js';
import { serializeFlvItemBody, signalTrack } from './flv-item-body.js';
import type { FlvItem } from './flv-item.js';
import { serializeFlvMetadata } from './flv-metadata.js';
import { serializeFlvMultitrackBody } from './flv-multitrack-body.js';
import { fileHeaderLength, flvFlags, flvTagType, tagHeaderLength } from './flv-tag.js';
import { flvMilliseconds, flvTimestamp, type FlvBodyOptions } from './flv-time.js';
import { serializeFlvVideoBodyHeader } from './flv-video-body.js';

/** How an FLV stream is written. */
export interface FlvMuxerOptions extends FlvBodyOptions {
  /** What the file header promises; players that trust it wait for a promised track. Both by default. */
  readonly hasVideo?: boolean;
  readonly hasAudio?: boolean;
}

/** Of ours before a body that is whole. */
const nothing = new Uint8Array(0);

/**
 * Writes an FLV file (FLV 10.1 §E; Enhanced RTMP v2): the header first, then each item. Returns pieces so that payloads
 * are not copied.
 */
export class FlvMuxer {
  readonly #options: FlvMuxerOptions;
  /** Milliseconds. Script data, which has no time of its own, gets that of the tag before. */
  #lastTimestamp = 0;

  constructor(options: FlvMuxerOptions = {}) {
    this.#options = options;
  }

  /** The file header, and an onMetaData tag when there is metadata. */
  header(metadata?: AmfObject): Uint8Array[] {
    const { hasVideo = true, hasAudio = true } = this.#options;
    const header = new ByteWriter(13)
      .text('FLV')
      .u8(1)
      .u8(flvFlags(hasVideo, hasAudio))
      .u32(fileHeaderLength)
      .u32(0)
      .finish();
    return metadata === undefined ? [header] : [header, ...this.metadata(metadata)];
  }

  /** An onMetaData tag. */
  metadata(metadata: AmfObject): Uint8Array[] {
    return this.script(serializeFlvMetadata(metadata));
  }

  /** A script tag with the body that is given. */
  script(body: Uint8Array): Uint8Array[] {
    return tag(flvTagType.script, this.#lastTimestamp, [body]);
  }

  /**
   * One tag. The payload is handed on as it is.
   *
   * @throws MalformedError when the packet does not fit a tag (16 MiB).
   */
  packet(packet: EncodedPacket): Uint8Array[] {
    const bodyHeader =
      packet.track === 'video'
        ? serializeFlvVideoBodyHeader(packet, this.#options)
        : serializeFlvAudioBodyHeader(packet, this.#options);
    const timestamp = flvTimestamp(packet, this.#options);
    return this.#timed(packet.track, timestamp, [bodyHeader, packet.payload]);
  }

  /**
   * One tag for packets of several tracks, under the conditions of {@link serializeFlvMultitrackBody}.
   *
   * @throws MalformedError when they do not go into one tag.
   */
  tracks(packets: readonly VideoPacket[] | readonly AudioPacket[]): Uint8Array[] {
    const body = serializeFlvMultitrackBody(packets, this.#options);
    const [first] = packets;
    return first ? this.#timed(first.track, flvTimestamp(first, this.#options), body) : [];
  }

  /**
   * One tag for whatever the item is; none for what has no place in a file (see {@link serializeFlvItemBody}).
   *
   * @throws MalformedError when it does not fit a tag.
   */
  item(item: FlvItem): Uint8Array[] {
    switch (item.type) {
      case 'metadata':
        return this.metadata(item.value);
      case 'packet':
        return this.packet(item.packet);
      case 'opaque': {
        const { track, dts, payload } = item.packet;
        return this.#timed(track, flvMilliseconds(dts), [nothing, payload]);
      }
      default: {
        const body = serializeFlvItemBody(item);
        if (body === undefined) return [];
        return this.#timed(signalTrack(item), flvMilliseconds(item.timestamp), [body]);
      }
    }
  }

  #timed(track: EncodedPacket['track'], timestamp: number, body: readonly Uint8Array[]) {
    const pieces = tag(flvTagType[track], timestamp, body);
    this.#lastTimestamp = timestamp;
    return pieces;
  }
}

/** The first piece of the body must be one of ours: it is copied, to lie in one piece with the tag's header. */
function tag(type: number, timestampMs: number, body: readonly Uint8Array[]): Uint8Array[] {
  let length = 0;
  for (const piece of body) length += piece.length;
  if (length > 0xffffff) throw new MalformedError(`${length} bytes do not fit an FLV tag`);
  const [bodyHeader = new Uint8Array(0), ...payload] = body;
  const header = new ByteWriter(tagHeaderLength + bodyHeader.length)
    .u8(type)
    .u24(length)
    .u24(timestampMs & 0xffffff)
    .u8(timestampMs >>> 24)
    .u24(0)
    .bytes(bodyHeader)
    .finish();
  return [header, ...payload, new ByteWriter(4).u32(tagHeaderLength + length).finish()];
}
