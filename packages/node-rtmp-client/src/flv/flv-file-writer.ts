import type { AmfObject } from '../amf/amf-value.js';
import { MalformedError } from '../bytes/malformed-error.js';
import type { AudioPacket, VideoPacket } from './encoded-packet.js';
import { FlvFileFacts, infoMaps } from './flv-file-facts.js';
import type { FlvItem } from './flv-item.js';
import { serializeFlvMetadata, without } from './flv-metadata.js';
import { FlvMuxer, type FlvMuxerOptions } from './flv-muxer.js';
import { fileHeaderLength, flvFlags, previousTagSizeLength, tagHeaderLength } from './flv-tag.js';
import { serializePaddedMetadata } from './padded-metadata.js';

/** Bytes to be written over those at `position` of a file. */
export interface FlvPatch {
  readonly position: number;
  readonly bytes: Uint8Array;
}

/** How an FLV file is written. */
export interface FlvFileWriterOptions extends FlvMuxerOptions {
  /** Room for so many keyframes in the index, at 18 bytes each. 2048 by default. */
  readonly maxKeyframes?: number;
}

const defaultMaxKeyframes = 2048;
const bytesPerKeyframe = 18;
/** For what is not known at the start: sizes, codecs, further tracks. */
const roomForFacts = 2048;

const headLengthBefore = fileHeaderLength + previousTagSizeLength + tagHeaderLength;

/**
 * Writes an FLV file that can be sought in (FLV 10.1 §E; Enhanced RTMP v2): onMetaData comes first, with room for what
 * is known only at the end, which {@link finish} hands out as patches. A file that is never finished can be played as
 * well.
 *
 * The bytes are the caller's to write, in order; payloads are handed on as they are.
 */
export class FlvFileWriter {
  readonly #muxer: FlvMuxer;
  readonly #facts: FlvFileFacts;
  readonly #maxKeyframes: number;
  #metadata: AmfObject = {};
  #bodyLength = 0;
  #headLength = 0;
  #length = 0;

  constructor(options: FlvFileWriterOptions = {}) {
    this.#maxKeyframes = options.maxKeyframes ?? defaultMaxKeyframes;
    this.#muxer = new FlvMuxer(options);
    this.#facts = new FlvFileFacts(this.#maxKeyframes);
  }

  /** Bytes handed out so far: the size of the file. */
  get length(): number {
    return this.#length;
  }

  /**
   * What the file begins with; to be called once, first.
   *
   * @param metadata properties of onMetaData that only the caller knows, such as `framerate` or `encoder`.
   */
  header(metadata: AmfObject = {}): Uint8Array[] {
    this.#metadata = metadata;
    const empty = this.#facts.metadata(metadata, { headLength: 0, fileLength: 0 });
    this.#bodyLength =
      serializeFlvMetadata(empty).length + this.#maxKeyframes * bytesPerKeyframe + roomForFacts;
    // Not yet known: a duration of 0 would be believed.
    const known = without(empty, 'duration', 'filesize');
    const body = serializePaddedMetadata(known, this.#bodyLength);
    if (body === undefined) throw new MalformedError('Metadata that does not fit its tag');
    const pieces = [...this.#muxer.header(), ...this.#muxer.script(body)];
    this.#count(pieces);
    this.#headLength = this.#length;
    return pieces;
  }

  /**
   * One tag.
   *
   * @throws MalformedError when it does not fit (16 MiB).
   */
  item(item: FlvItem): Uint8Array[] {
    const offset = this.#length - this.#headLength;
    const pieces = this.#count(this.#muxer.item(item));
    this.#facts.note(item, offset);
    return pieces;
  }

  /**
   * One tag for packets of several tracks, under the conditions of {@link serializeFlvMultitrackBody}.
   *
   * @throws MalformedError when they do not go into one tag.
   */
  tracks(packets: readonly VideoPacket[] | readonly AudioPacket[]): Uint8Array[] {
    const offset = this.#length - this.#headLength;
    const pieces = this.#count(this.#muxer.tracks(packets));
    for (const packet of packets) this.#facts.note({ type: 'packet', packet }, offset);
    return pieces;
  }

  /** What to write over the head once everything else is written: tracks, duration, size, index. */
  finish(): FlvPatch[] {
    if (this.#headLength === 0) return [];
    const flags = flvFlags(this.#facts.has('video'), this.#facts.has('audio'));
    return [
      { position: 4, bytes: Uint8Array.of(flags) },
      ...metadataPatch(this.#facts, this.#metadata, this.#bodyLength, {
        headLength: this.#headLength,
        fileLength: this.#length,
      }),
    ];
  }

  #count(pieces: Uint8Array[]): Uint8Array[] {
    for (const piece of pieces) this.#length += piece.length;
    return pieces;
  }
}

/**
 * The onMetaData that takes the place of the first tag's, whose body has `bodyLength` bytes; none when it does not fit.
 */
export function metadataPatch(
  facts: FlvFileFacts,
  given: AmfObject,
  bodyLength: number,
  layout: { readonly headLength: number; readonly fileLength: number },
): FlvPatch[] {
  const metadata = facts.metadata(given, layout);
  const bytes =
    serializePaddedMetadata(metadata, bodyLength) ??
    serializePaddedMetadata(without(metadata, ...infoMaps), bodyLength);
  return bytes === undefined ? [] : [{ position: headLengthBefore, bytes }];
}
