import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flvTags, type FlvTagFixture } from '../../test/fixtures/flv-tags.js';
import { MalformedError } from '../bytes/malformed-error.js';
import type { AudioPacket, VideoPacket } from './encoded-packet.js';
import { parseFlvAudioBody } from './flv-audio-body.js';
import { FlvDemuxer } from './flv-demuxer.js';
import type { FlvItem } from './flv-item.js';
import { FlvMuxer } from './flv-muxer.js';
import { parseFlvVideoBody } from './flv-video-body.js';

const parse = ({ track }: Pick<FlvTagFixture, 'track'>, timestampMs: number, body: Uint8Array) =>
  track === 'video' ? parseFlvVideoBody(timestampMs, body) : parseFlvAudioBody(timestampMs, body);

/** Removes what a tag has around its body. */
const bodyOf = (pieces: readonly Uint8Array[]): string =>
  Buffer.concat(pieces).subarray(11, -4).toString('hex');

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function tracksOf(items: readonly FlvItem[]): VideoPacket[] | AudioPacket[] {
  const packets = items.flatMap((item) => (item.type === 'packet' ? [item.packet] : []));
  const pictures = packets.filter((packet) => packet.track === 'video');
  return pictures.length > 0 ? pictures : packets.filter((packet) => packet.track === 'audio');
}

describe.each(flvTags)('$name', (fixture) => {
  const { timestampMs, bytes, value, written } = fixture;

  it('is read', () => {
    expect(parse(fixture, timestampMs, bytes)).toEqual(value);
  });

  it('is read without copying', () => {
    // What is taken out of a body with others gets one of its own.
    const isOwn = (item: FlvItem): boolean => item.type === 'opaque' && value.length > 1;
    for (const item of parse(fixture, timestampMs, bytes)) {
      if (!('packet' in item) || isOwn(item)) continue;
      expect(item.packet.payload.buffer).toBe(bytes.buffer);
    }
  });

  it('is written so that it reads the same', () => {
    const nanoseconds = value.some(
      (item) => item.type === 'packet' && !Number.isInteger(item.packet.pts),
    );
    const muxer = new FlvMuxer({ nanoseconds });
    const tags =
      written === 'tracks' ? muxer.tracks(tracksOf(value)) : value.flatMap((i) => muxer.item(i));
    if (written !== undefined) expect(bodyOf(tags)).toBe(hex(bytes));
    const file = Buffer.concat([...muxer.header(), ...tags]);
    expect(new FlvDemuxer().push(file)).toEqual(
      value.map((item) =>
        'packet' in item
          ? { ...item, packet: { ...item.packet, payload: Buffer.from(item.packet.payload) } }
          : item,
      ),
    );
  });

  it('is read or refused at every cut, and with every byte changed', () => {
    const survives = (body: Uint8Array): void => {
      try {
        parse(fixture, timestampMs, body);
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedError);
      }
    };
    for (let cut = 0; cut < bytes.length; cut++) survives(bytes.subarray(0, cut));
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, byte) => {
        const changed = Uint8Array.from(bytes);
        changed[at] = byte;
        survives(changed);
      }),
    );
  });
});
