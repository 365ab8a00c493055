import type { AmfObject } from '../amf/amf-value.js';
import { ByteQueue } from '../bytes/byte-queue.js';
import { ByteReader } from '../bytes/byte-reader.js';
import { MalformedError } from '../bytes/malformed-error.js';
import { parseFlvAudioBody } from './flv-audio-body.js';
import type { FlvItem } from './flv-item.js';
import { parseFlvMetadata } from './flv-metadata.js';
import {
  fileHeaderLength,
  FlvClock,
  flvTagType,
  parseFlvTagHeader,
  previousTagSizeLength,
  tagHeaderLength,
  type FlvTagHeader,
} from './flv-tag.js';
import { parseFlvVideoBody } from './flv-video-body.js';
import { NalLengthWidener } from './nal-length-widener.js';

export type { FlvItem } from './flv-item.js';

/** Where an FLV stream begins, and how large its tags may be. */
export interface FlvDemuxerOptions {
  /**
   * Where the bytes begin: with the file's header, or with a tag, as after a seek to a place from the index. With the
   * header by default.
   */
  readonly startsWith?: 'header' | 'tag';
  /** The largest tag body to accept, in bytes; what the format can say (16 MiB) by default. */
  readonly maxTagBytes?: number;
}

/**
 * Reads an FLV file (FLV 10.1 §E) that arrives in pieces of any size. Holds at most one unfinished tag; packets are
 * views of what was pushed wherever a tag did not span pieces and its NAL unit lengths were of four bytes. Tags of
 * other codecs and kinds are passed over.
 */
export class FlvDemuxer {
  readonly #queue = new ByteQueue();
  readonly #maxTagBytes: number;
  readonly #nalLengths = new NalLengthWidener();
  readonly #clock = new FlvClock();
  /** Bytes still to be passed over: the rest of a long file header, and each tag's trailing size. */
  #toSkip = 0;
  #headerSeen = false;
  #tag: FlvTagHeader | undefined;
  /** What is wrong with the bytes behind those whose items were returned. */
  #fault: MalformedError | undefined;

  constructor(options: FlvDemuxerOptions = {}) {
    this.#maxTagBytes = options.maxTagBytes ?? 0xffffff;
    this.#headerSeen = options.startsWith === 'tag';
  }

  /**
   * Takes the next bytes and returns what they completed.
   *
   * @throws MalformedError when this is no FLV, a tag is larger than allowed, or NAL units do not fit their frame; with
   * the next call, when these bytes completed something before that. The demuxer is of no use afterwards.
   */
  push(bytes: Uint8Array): FlvItem[] {
    if (this.#fault !== undefined) throw this.#fault;
    this.#queue.push(bytes);
    const items: FlvItem[] = [];
    try {
      while (this.#step(items));
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
      this.#fault = error;
      if (items.length === 0) throw error;
    }
    return items;
  }

  /** @throws MalformedError when the file ended within its header or a tag, or something was wrong at its end. */
  end(): void {
    if (this.#fault !== undefined) throw this.#fault;
    // The size after the last tag is missing from files that were cut off cleanly; nothing is lost with it.
    if (!this.#headerSeen || this.#tag !== undefined || this.#queue.length > 0) {
      throw new MalformedError('The FLV ends in the middle of a tag');
    }
  }

  /** Consumes one unit of the file; false when the rest of it has not come yet. */
  #step(items: FlvItem[]): boolean {
    if (this.#toSkip > 0) {
      const length = Math.min(this.#toSkip, this.#queue.length);
      this.#queue.skip(length);
      this.#toSkip -= length;
      return this.#toSkip === 0;
    }
    if (!this.#headerSeen) return this.#readFileHeader();
    this.#tag ??= this.#readTagHeader();
    if (this.#tag === undefined || this.#queue.length < this.#tag.bodyLength) return false;
    items.push(...this.#parseTag(this.#tag, this.#queue.read(this.#tag.bodyLength)));
    this.#tag = undefined;
    this.#toSkip = previousTagSizeLength;
    return true;
  }

  #readFileHeader(): boolean {
    if (this.#queue.length < fileHeaderLength) return false;
    const reader = new ByteReader(this.#queue.read(fileHeaderLength));
    if (reader.text(3) !== 'FLV') throw new MalformedError('Not an FLV file');
    reader.skip(2); // version, and flags that writers get wrong
    const headerLength = reader.u32();
    if (headerLength < fileHeaderLength || headerLength > this.#maxTagBytes) {
      throw new MalformedError(`An FLV header of ${headerLength} bytes`);
    }
    this.#toSkip = headerLength - fileHeaderLength + previousTagSizeLength;
    this.#headerSeen = true;
    return true;
  }

  #readTagHeader(): FlvTagHeader | undefined {
    if (this.#queue.length < tagHeaderLength) return undefined;
    const header = parseFlvTagHeader(this.#queue.read(tagHeaderLength));
    if (header.bodyLength > this.#maxTagBytes) {
      throw new MalformedError(
        `An FLV tag of ${header.bodyLength} bytes; ${this.#maxTagBytes} allowed`,
      );
    }
    return header;
  }

  #parseTag(header: FlvTagHeader, body: Uint8Array): FlvItem[] {
    switch (header.type) {
      case flvTagType.audio:
        return parseFlvAudioBody(this.#clock.read(header), body);
      case flvTagType.video:
        return this.#nalLengths.widenItems(parseFlvVideoBody(this.#clock.read(header), body));
      case flvTagType.script:
        return metadataItems(parseFlvMetadata(body));
      case flvTagType.scriptAmf3:
        // The first byte says that AMF0 follows, which says itself where AMF3 begins.
        return body[0] === 0 ? metadataItems(parseFlvMetadata(body.subarray(1))) : [];
      default:
        // Also an encrypted tag, whose type has the filter bit set.
        return [];
    }
  }
}

const metadataItems = (value: AmfObject | undefined): FlvItem[] =>
  value ? [{ type: 'metadata', value }] : [];
