import { describe, expect, it } from 'vitest';
import { parseAmf0, serializeAmf0 } from '../amf/amf0.js';
import { isAmfObject, type AmfObject } from '../amf/amf-value.js';
import {
  canDecode,
  libraryCapabilities,
  noCapabilities,
  parseCapabilities,
  serializeCapabilities,
} from './capabilities.js';

/** What arrives when `object` is sent. */
function overTheWire(object: AmfObject): AmfObject {
  const [value] = parseAmf0(serializeAmf0([object]));
  if (!isAmfObject(value)) throw new Error('not an object');
  return value;
}

describe('capabilities', () => {
  it('[ERTMP-12] arrive as they were declared', () => {
    for (const each of [libraryCapabilities, noCapabilities]) {
      expect(parseCapabilities(overTheWire(serializeCapabilities(each)))).toEqual(each);
    }
    expect(serializeCapabilities(noCapabilities)).toEqual({});
  });

  it('[ERTMP-08, ERTMP-09, ERTMP-11] are read as the examples of Enhanced RTMP v2 have them', () => {
    const parsed = parseCapabilities(
      overTheWire({
        fourCcList: ['av01', 'vp09', 'vp08', 'hvc1', 'avc1', 'ac-3', 'ec-3', 'Opus', '.mp3'],
        videoFourCcInfoMap: { '*': 4, vp09: 3 },
        audioFourCcInfoMap: { '*': 4, Opus: 3 },
        capsEx: 1 | 2,
      }),
    );
    expect(parsed.fourCcList).toHaveLength(9);
    expect(parsed.videoFourCcInfoMap).toEqual({ '*': 4, vp09: 3 });
    expect(parsed.capsEx).toEqual({
      ...{ reconnect: true, multitrack: true, modEx: false, timestampNanoOffset: false },
    });
  });

  it.each([
    { declared: {}, takes: ['h264', 'aac', 'mp3'], not: ['hevc', 'opus'] },
    { declared: { fourCcList: ['hvc1'] }, takes: ['h264', 'hevc'], not: ['av1', 'opus'] },
    { declared: { fourCcList: ['*'] }, takes: ['hevc', 'av1', 'flac'], not: [] },
    { declared: { fourCcList: { 0: 'Opus' } }, takes: ['opus'], not: ['ac3'] },
    { declared: { videoFourCcInfoMap: { '*': 4 } }, takes: ['vp8', 'vp9'], not: ['eac3'] },
    { declared: { audioFourCcInfoMap: { Opus: 1 } }, takes: ['opus'], not: ['flac'] },
    { declared: { videoFourCcInfoMap: { hvc1: 2 } }, takes: [], not: ['hevc'] },
    {
      declared: { videoCodecs: 0x04, audioCodecs: 0x0400 },
      takes: ['aac'],
      not: ['h264', 'mp3'],
    },
  ] as const)(
    '[ERTMP-08, ERTMP-09, ERTMP-10, ERTMP-16] $declared takes $takes',
    ({ declared, takes, not }) => {
      const capabilities = parseCapabilities(overTheWire(declared as unknown as AmfObject));
      for (const codec of takes) expect(canDecode(capabilities, codec), codec).toBe(true);
      for (const codec of not) expect(canDecode(capabilities, codec), codec).toBe(false);
    },
  );

  it('leave out what makes no sense, and keep no more than a peer could mean', () => {
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [String(1000 + i), 1]));
    const parsed = parseCapabilities(
      overTheWire({
        fourCcList: ['toolong', 'hvc1', 7, null],
        videoFourCcInfoMap: many,
        audioFourCcInfoMap: { Opus: 'yes', __proto__x: 1, mp4a: -1, fLaC: 1 },
        capsEx: 'all',
        objectEncoding: Number.NaN,
        videoFunction: null,
      }),
    );
    expect(parsed.fourCcList).toEqual(['hvc1']);
    expect(Object.keys(parsed.videoFourCcInfoMap)).toHaveLength(64);
    expect(parsed.audioFourCcInfoMap).toEqual({ fLaC: 1 });
    expect(parsed).toMatchObject({ capsEx: noCapabilities.capsEx, objectEncoding: 0 });
    expect(canDecode(parsed, 'h264')).toBe(true);
  });
});
