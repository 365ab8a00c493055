import { describe, expect, it } from 'vitest';
import { MalformedError } from '../../src/bytes/malformed-error.js';
import type { AudioPacket, VideoPacket } from '../../src/flv/encoded-packet.js';
import { parseFlvAudioBody, serializeFlvAudioBodyHeader } from '../../src/flv/flv-audio-body.js';
import type { FlvItem } from '../../src/flv/flv-item.js';
import { serializeFlvMultitrackBody } from '../../src/flv/flv-multitrack-body.js';
import { parseFlvVideoBody, serializeFlvVideoBodyHeader } from '../../src/flv/flv-video-body.js';
import { hex, joined } from './raw-chunks.js';

// Bodies written from the pseudocode of Enhanced RTMP v2; the tag's timestamp is 1000 ms.
const video = (body: string): FlvItem[] => parseFlvVideoBody(1000, hex(body));
const audio = (body: string): FlvItem[] => parseFlvAudioBody(1000, hex(body));

const videoPacket = (over: Partial<VideoPacket> = {}): VideoPacket => ({
  ...{ track: 'video', codec: 'hevc', type: 'frame', keyframe: true, payload: hex('0102') },
  ...{ dts: 1_000_000, pts: 1_000_000 },
  ...over,
});

const audioPacket = (over: Partial<AudioPacket> = {}): AudioPacket => ({
  ...{ track: 'audio', codec: 'opus', type: 'frame', keyframe: true, payload: hex('0102') },
  ...{ dts: 1_000_000, pts: 1_000_000 },
  ...over,
});

const items = (...packets: readonly (VideoPacket | AudioPacket)[]): FlvItem[] =>
  packets.map((packet) => ({ type: 'packet', packet }));

const text = (...pieces: readonly Uint8Array[]): string =>
  Buffer.from(joined(...pieces)).toString('hex');

const compact = (body: string): string => body.replace(/\s/g, '');

describe('one track', () => {
  it('[ERTMP-47, ERTMP-48, ERTMP-53] of pictures', () => {
    const body = '96 01 68766331 05 00002a 0102';
    const packet = videoPacket({ trackId: 5, pts: 1_042_000 });
    expect(video(body)).toEqual(items(packet));
    expect(text(serializeFlvVideoBodyHeader(packet), packet.payload)).toBe(compact(body));
    expect(video('96 00 68766331 05 0102')).toEqual(
      items(videoPacket({ trackId: 5, type: 'config' })),
    );
  });

  it('[ERTMP-47, ERTMP-48, ERTMP-53] of sound', () => {
    const body = '95 01 4f707573 05 0102';
    const packet = audioPacket({ trackId: 5 });
    expect(audio(body)).toEqual(items(packet));
    expect(text(serializeFlvAudioBodyHeader(packet), packet.payload)).toBe(compact(body));
  });

  it('[ERTMP-52] of id 0 is the default track, as if nothing had been said', () => {
    expect(video('96 01 68766331 00 000000 0102')).toEqual(items(videoPacket()));
    expect(audio('95 01 4f707573 00 0102')).toEqual(items(audioPacket()));
    expect(text(serializeFlvAudioBodyHeader(audioPacket({ trackId: 0 })))).toBe('914f707573');
  });
});

describe('many tracks', () => {
  it('[ERTMP-49, ERTMP-51, ERTMP-03] of one codec, each behind its size, all of them read', () => {
    const body =
      '96 11 68766331  00 000005 00000a 0102  01 000006 000000 030405  ff 000004 000000 06';
    const packets = [
      videoPacket({ pts: 1_010_000 }),
      videoPacket({ trackId: 1, payload: hex('030405') }),
      videoPacket({ trackId: 255, payload: hex('06') }),
    ];
    expect(video(body)).toEqual(items(...packets));
    expect(text(...serializeFlvMultitrackBody(packets))).toBe(compact(body));
  });

  it('[ERTMP-50, ERTMP-51, ERTMP-03] of several codecs, each behind its FourCC', () => {
    const body = '96 21  61766331 00 000005 000000 0102  61763031 01 000002 0102';
    const packets = [videoPacket({ codec: 'h264' }), videoPacket({ codec: 'av1', trackId: 1 })];
    expect(video(body)).toEqual(items(...packets));
    expect(text(...serializeFlvMultitrackBody(packets))).toBe(compact(body));
    const sound = '95 21  6d703461 00 000002 0102  61632d33 01 000002 0102';
    const sounds = [audioPacket({ codec: 'aac' }), audioPacket({ codec: 'ac3', trackId: 1 })];
    expect(audio(sound)).toEqual(items(...sounds));
    expect(text(...serializeFlvMultitrackBody(sounds))).toBe(compact(sound));
  });

  it('[ERTMP-51, ERTMP-02] one of an unknown codec is passed on in a body of its own', () => {
    const body = '95 21  78787878 00 000003 0a0b0c  4f707573 01 000002 0102  79797979 02 000001 0d';
    const opaque = (codec: string, payload: string) => ({
      type: 'opaque',
      packet: { codec, type: 'frame', dts: 1_000_000, payload: hex(payload) },
    });
    expect(audio(body)).toMatchObject([
      opaque('xxxx', '91 78787878 0a0b0c'),
      ...items(audioPacket({ trackId: 1 })),
      opaque('yyyy', '95 01 79797979 02 0d'),
    ]);
    expect(video('96 13 78787878 03 000001 0a')).toMatchObject([
      { type: 'opaque', packet: { trackId: 3, payload: hex('96 03 78787878 03 0a') } },
    ]);
  });

  it('[ERTMP-47] are not within tracks', () => {
    expect(() => video('96 06 68766331 00 0102')).toThrow(MalformedError);
    expect(() => audio('95 15 4f707573 00 000002 0102')).toThrow(MalformedError);
  });

  it.each(['96 11 68766331 00 000006 000000 0102', '96 11 68766331 00 0000', '96 21 6176'])(
    '[GEN-03] do not reach past their body: %s',
    (body) => expect(() => video(body)).toThrow(MalformedError),
  );
});

describe('modifiers', () => {
  const nano = '02 000064';

  it('[ERTMP-44, ERTMP-45] add nanoseconds to the presentation time of one message', () => {
    const pts = 1_000_000.1;
    expect(audio(`97 ${nano} 01 4f707573 0102`)).toMatchObject([{ packet: { pts } }]);
    expect(video(`97 ${nano} 03 68766331 0102`)).toMatchObject([
      { packet: { pts, dts: 1_000_000 } },
    ]);
    expect(video(`97 ${nano} 01 68766331 00000a 0102`)).toMatchObject([
      { packet: { pts: 1_010_000.1 } },
    ]);
    // More than three bytes are allowed; the first three count.
    expect(audio('97 04 000064ffff 01 4f707573 0102')).toMatchObject([{ packet: { pts } }]);
    expect(audio('91 4f707573 0102')).toMatchObject([{ packet: { pts: 1_000_000 } }]);
  });

  it('[ERTMP-45] are written where asked for, and less than a millisecond', () => {
    const options = { nanoseconds: true };
    const frame = audioPacket({ pts: 1_000_999.999, dts: 1_000_999.999 });
    expect(text(serializeFlvAudioBodyHeader(frame, options))).toBe('97020f423f014f707573');
    expect(text(serializeFlvAudioBodyHeader(frame))).toBe('914f707573');
  });

  it('[ERTMP-45] with fewer than three bytes are malformed', () => {
    expect(() => audio('97 01 0064 01 4f707573 0102')).toThrow(MalformedError);
  });

  it('[ERTMP-45] of a millisecond or more cost the message, whatever else modifies it', () => {
    expect(audio('97 02 0f423f 01 4f707573 0102')).toHaveLength(1);
    for (const offset of ['0f4240', 'ffffff']) {
      expect(audio(`97 02 ${offset} 01 4f707573 0102`)).toEqual([]);
      expect(video(`97 02 ${offset} 03 68766331 0102`)).toEqual([]);
      expect(video(`97 02 ${offset} 06 11 68766331 00 000005 000000 0102`)).toEqual([]);
      expect(video(`97 02 ${offset} 07 02 000064 03 68766331 0102`)).toEqual([]);
    }
  });

  it('[ERTMP-46] of unknown kinds are stepped over, of any size, and several of them', () => {
    const sizes = [1, 2, 3, 255, 256, 257, 65_536];
    for (const size of sizes) {
      const prefix = size < 256 ? byte(size - 1, 1) : `ff ${byte(size - 1, 2)}`;
      const unknown = `${prefix} ${'ee'.repeat(size)}`;
      expect(audio(`97 ${unknown} f1 4f707573 0102`)).toEqual(items(audioPacket()));
      expect(audio(`97 ${unknown} 17 ${nano} 07 ${unknown} e1 4f707573 0102`)).toMatchObject([
        { packet: { pts: 1_000_000.1, payload: hex('0102') } },
      ]);
      expect(video(`97 ${unknown} e6 01 68766331 05 000000 0102`)).toEqual(
        items(videoPacket({ trackId: 5 })),
      );
    }
  });
});

const byte = (value: number, bytes: number): string => value.toString(16).padStart(2 * bytes, '0');
