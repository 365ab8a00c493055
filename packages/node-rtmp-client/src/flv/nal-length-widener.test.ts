import { describe, expect, it } from 'vitest';
import { MalformedError } from '../bytes/malformed-error.js';
import type { VideoPacket } from './encoded-packet.js';
import { FlvDemuxer } from './flv-demuxer.js';
import { FlvMuxer } from './flv-muxer.js';
import { NalLengthWidener } from './nal-length-widener.js';

const video = (type: 'config' | 'frame', payload: number[]): VideoPacket => ({
  ...{ track: 'video', codec: 'h264', keyframe: true, pts: 0, dts: 0 },
  type,
  payload: Buffer.from(payload),
});

/** What an FLV file with these packets gives back. */
function demuxed(...packets: VideoPacket[]): number[][] {
  const muxer = new FlvMuxer();
  const file = Buffer.concat([...muxer.header(), ...packets.flatMap((p) => muxer.packet(p))]);
  const items = new FlvDemuxer().push(file);
  return items.map((item) => (item.type === 'packet' ? [...item.packet.payload] : []));
}

describe('H.264 in an FLV file', () => {
  it.each([
    { size: 1, frame: [2, 0x65, 7, 1, 0x06] },
    { size: 2, frame: [0, 2, 0x65, 7, 0, 1, 0x06] },
    { size: 4, frame: [0, 0, 0, 2, 0x65, 7, 0, 0, 0, 1, 0x06] },
  ])('has NAL unit lengths of four bytes, also where the file has $size', ({ size, frame }) => {
    const config = [1, 100, 0, 31, 0xfc | (size - 1), 0xe1];
    const expected = [
      [1, 100, 0, 31, 0xff, 0xe1],
      [0, 0, 0, 2, 0x65, 7, 0, 0, 0, 1, 0x06],
    ];
    expect(demuxed(video('config', config), video('frame', frame))).toEqual(expected);
  });

  it('follows a configuration that changes', () => {
    const payloads = demuxed(
      video('config', [1, 100, 0, 31, 0xfc, 0xe1]),
      video('config', [1, 100, 0, 31, 0xff, 0xe1]),
      video('frame', [0, 0, 0, 1, 0x65]),
    );
    expect(payloads.at(-1)).toEqual([0, 0, 0, 1, 0x65]);
  });

  it('is refused when a short length points past the end', () => {
    const config = video('config', [1, 100, 0, 31, 0xfd, 0xe1]);
    const widener = new NalLengthWidener();
    widener.widen(config);
    expect(() => widener.widen(video('frame', [0, 9, 0x65]))).toThrow(MalformedError);
  });

  it('is refused when a frame of 8 MiB is all NAL units of one byte', () => {
    const widener = new NalLengthWidener();
    widener.widen(video('config', [1, 100, 0, 31, 0xfc, 0xe1]));
    const payload = new Uint8Array(8 * 1024 * 1024).fill(1);
    expect(() => widener.widen({ ...video('frame', []), payload })).toThrow(MalformedError);
  });
});
