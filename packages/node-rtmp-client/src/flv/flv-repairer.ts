import type { AmfObject } from '../amf/amf-value.js';
import { ByteQueue } from '../bytes/byte-queue.js';
import { ByteReader } from '../bytes/byte-reader.js';
import { ByteWriter } from '../bytes/byte-writer.js';
import { MalformedError } from '../bytes/malformed-error.js';
import { parseFlvAudioBody } from './flv-audio-body.js';
import { FlvFileFacts } from './flv-file-facts.js';
import { metadataPatch, type FlvPatch } from './flv-file-writer.js';
import type { FlvItem } from './flv-item.js';
import { parseFlvMetadata, serializeFlvMetadata } from './flv-metadata.js';
import { FlvMuxer } from './flv-muxer.js';
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

/** Bytes of a file from `start` up to before `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** How to make a whole file of a damaged one. */
export interface FlvRepair {
  /** Whole tags, onMetaData not counted. */
  readonly tags: number;
  /** Bytes that belong to no whole tag. */
  readonly lostBytes: number;
  /**
   * A new file: `head`, which is the file's header and an onMetaData with the duration, the size and the index of what
   * is left, and behind it these parts of the damaged file.
   */
  readonly head: Uint8Array;
  readonly ranges: readonly ByteRange[];
  /**
   * The same without a new file: cut to `length` and write the patches over it. Only where nothing but the end is
   * damaged and the file's own onMetaData has the room, as in a file by {@link FlvFileWriter}.
   */
  readonly inPlace?: { readonly length: number; readonly patches: readonly FlvPatch[] };
}

/** Keyframes of the new index. */
const maxKeyframes = 2048;
/** What is more broken than this is not worth its memory; the rest is given up. */
const maxRanges = 100_000;
const headerLength = fileHeaderLength + previousTagSizeLength;
const smallestTag = tagHeaderLength + previousTagSizeLength;

/** In the search for the next tag more is waited for than what is needed, so that it is not looked at byte by byte. */
const searchStep = 1 << 20;

interface Tag {
  readonly header: FlvTagHeader;
  /** With its header and with its size behind it. */
  readonly length: number;
}

/**
 * Reads a damaged FLV file once, in pieces, and says how to repair it: a file that was cut off in the middle of a tag,
 * or that has bytes in between which are no tags. Behind such bytes it goes on at the next tag whose size stands behind
 * it (FLV 10.1 §E.3). Holds at most one tag, that is 16 MiB.
 */
export class FlvRepairer {
  readonly #queue = new ByteQueue();
  readonly #facts = new FlvFileFacts(maxKeyframes);
  readonly #clock = new FlvClock();
  readonly #ranges: { start: number; end: number }[] = [];
  /** Of the queue's first byte in the file. */
  #position = 0;
  #state: 'header' | 'tag' | 'search' = 'header';
  /** Nothing can be said before so many bytes are there. */
  #needed = headerLength;
  #tags = 0;
  #keptBytes = 0;
  #ended = false;
  #metadata: { readonly value: AmfObject; readonly bodyLength: number } | undefined;
  #headBytes = 0;

  /** The next bytes of the file, in order; they are not kept. */
  push(bytes: Uint8Array): void {
    this.#queue.push(bytes);
    while (this.#queue.length >= this.#needed) this.#step();
  }

  /** What was pushed is the whole file. */
  finish(): FlvRepair {
    // In one piece, so that looking at what is left does not put it together time and again.
    this.#queue.push(this.#queue.read(this.#queue.length));
    this.#ended = true;
    while (this.#queue.length >= smallestTag) this.#step();
    const length = this.#position + this.#queue.length;
    const value = this.#metadata?.value ?? {};
    const head = this.#head(value);
    const inPlace = this.#inPlace(value);
    return {
      tags: this.#tags,
      lostBytes: length - this.#keptBytes - this.#headBytes,
      head,
      ranges: this.#ranges,
      ...(inPlace && { inPlace }),
    };
  }

  #step(): void {
    if (this.#state === 'header') this.#readHeader();
    else if (this.#state === 'tag') this.#readTag();
    else this.#search();
  }

  #readHeader(): void {
    this.#state = 'tag';
    this.#needed = smallestTag;
    const reader = new ByteReader(this.#queue.peek(headerLength) ?? new Uint8Array(headerLength));
    const isHeader = reader.text(3) === 'FLV';
    reader.skip(2);
    if (!isHeader || reader.u32() !== fileHeaderLength) {
      this.#state = 'search';
      return;
    }
    this.#drop(headerLength);
    this.#headBytes = headerLength;
  }

  /** At a place where a tag should begin. */
  #readTag(): void {
    const tag = this.#tagAt(0);
    if (tag === undefined) {
      this.#state = 'search';
      return;
    }
    if (this.#isShortOf(tag.length)) return;
    if (this.#sizeBehind(tag) === tag.length - previousTagSizeLength) {
      this.#accept(tag);
      return;
    }
    // The next tag vouches for this one where a writer gets the sizes wrong.
    if (this.#isShortOf(tag.length + tagHeaderLength)) return;
    this.#needed = smallestTag;
    if (this.#tagAt(tag.length) === undefined) this.#state = 'search';
    else this.#accept(tag);
  }

  /** Waits for so many bytes if they may still come. If not, this is no tag, but there may be others within it. */
  #isShortOf(length: number): boolean {
    if (this.#queue.length >= length) return false;
    if (this.#ended) this.#state = 'search';
    else this.#needed = length;
    return true;
  }

  /** Looks at one place after the other for a tag with its size behind it. */
  #search(): void {
    const bytes = this.#queue.peek(this.#queue.length) ?? new Uint8Array(0);
    for (let at = 0; at + smallestTag <= bytes.length; at++) {
      const tag = tagAt(bytes, at);
      if (tag === undefined) continue;
      if (at + tag.length > bytes.length) {
        if (this.#ended) continue;
        this.#drop(at);
        this.#needed = Math.max(tag.length, bytes.length - at + searchStep);
        return;
      }
      const size = u32At(bytes, at + tag.length - previousTagSizeLength);
      if (size !== tag.length - previousTagSizeLength) continue;
      this.#drop(at);
      this.#accept(tag);
      return;
    }
    this.#drop(Math.max(0, bytes.length - smallestTag + 1));
    this.#needed = smallestTag;
  }

  #tagAt(offset: number): Tag | undefined {
    const header = this.#queue.peek(offset + tagHeaderLength);
    return header && tagAt(header, offset);
  }

  #sizeBehind(tag: Tag): number {
    let size = 0;
    for (let at = tag.length - previousTagSizeLength; at < tag.length; at++) {
      size = size * 256 + (this.#queue.peekU8(at) ?? 0);
    }
    return size;
  }

  #accept(tag: Tag): void {
    this.#state = 'tag';
    this.#needed = smallestTag;
    const bytes = this.#queue.read(tag.length);
    const start = this.#position;
    this.#position += tag.length;
    const body = bytes.subarray(tagHeaderLength, -previousTagSizeLength);
    if (tag.header.type === flvTagType.script && this.#isMetadata(body)) return;
    const items = this.#itemsOf(tag.header, body);
    const last = this.#ranges.at(-1);
    if (items === undefined) return;
    if (last?.end === start) last.end = this.#position;
    else if (this.#ranges.length < maxRanges) this.#ranges.push({ start, end: this.#position });
    else return;
    for (const item of items) this.#facts.note(item, this.#keptBytes);
    this.#tags++;
    this.#keptBytes += tag.length;
  }

  /** The first one in front of all tags is replaced; others are tags like any. */
  #isMetadata(body: Uint8Array): boolean {
    if (this.#metadata !== undefined || this.#tags > 0) return false;
    const value = parseFlvMetadata(body);
    if (value === undefined) return false;
    this.#metadata = { value, bodyLength: body.length };
    this.#headBytes += smallestTag + body.length;
    return true;
  }

  /** @returns undefined when the tag's body cannot be read: nobody else could, either. */
  #itemsOf(header: FlvTagHeader, body: Uint8Array): FlvItem[] | undefined {
    try {
      switch (header.type) {
        case flvTagType.audio:
          return parseFlvAudioBody(this.#clock.read(header), body);
        case flvTagType.video:
          return parseFlvVideoBody(this.#clock.read(header), body);
        default:
          return [];
      }
    } catch (error) {
      if (error instanceof MalformedError) return undefined;
      throw error;
    }
  }

  #drop(length: number): void {
    this.#queue.skip(length);
    this.#position += length;
  }

  #head(given: AmfObject): Uint8Array {
    const facts = this.#facts;
    // Numbers take the same room whatever they are, so that the length is known before the places are.
    const draft = serializeFlvMetadata(facts.metadata(given, { headLength: 0, fileLength: 0 }));
    const headLength = headerLength + smallestTag + draft.length;
    const layout = { headLength, fileLength: headLength + this.#keptBytes };
    const muxer = new FlvMuxer({ hasVideo: facts.has('video'), hasAudio: facts.has('audio') });
    const writer = new ByteWriter(headLength);
    for (const piece of muxer.header(facts.metadata(given, layout))) writer.bytes(piece);
    return writer.finish();
  }

  #inPlace(given: AmfObject): FlvRepair['inPlace'] {
    const [range, ...others] = this.#ranges;
    if (range === undefined || others.length > 0 || this.#metadata === undefined) return undefined;
    // The header, onMetaData and the tags must follow one another.
    if (range.start !== this.#headBytes) return undefined;
    const layout = { headLength: range.start, fileLength: range.end };
    const patches = metadataPatch(this.#facts, given, this.#metadata.bodyLength, layout);
    return patches.length === 0 ? undefined : { length: range.end, patches };
  }
}

const tagTypes: readonly number[] = Object.values(flvTagType);

/** What may be a tag: a type that there is, and a stream id of 0. */
function tagAt(bytes: Uint8Array, at: number): Tag | undefined {
  if (!tagTypes.includes(bytes[at] ?? 0)) return undefined;
  const header = parseFlvTagHeader(bytes, at);
  return header.streamId === 0 ? { header, length: smallestTag + header.bodyLength } : undefined;
}

const u32At = (bytes: Uint8Array, at: number): number => new ByteReader(bytes.subarray(at)).u32();

/**
 * Says how to repair a damaged FLV file.
 *
 * @param pieces the whole file, in pieces of any size.
 */
export async function repairFlv(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<FlvRepair> {
  const repairer = new FlvRepairer();
  for await (const piece of pieces) repairer.push(piece);
  return repairer.finish();
}
