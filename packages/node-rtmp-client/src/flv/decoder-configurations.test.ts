import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MalformedError } from '../bytes/malformed-error.js';
import { parseAv1CodecConfiguration } from './av1-codec-configuration.js';
import { findAv1SequenceHeader } from './av1-sequence-header.js';
import { parseFlacStreamInfo } from './flac-stream-info.js';
import { parseHevcDecoderConfiguration } from './hevc-decoder-configuration.js';
import { parseHevcSequenceParameterSet } from './hevc-sequence-parameter-set.js';
import { parseOpusHead } from './opus-head.js';
import { parseVpCodecConfiguration } from './vp-codec-configuration.js';

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));

// From MP4 and Matroska files by ffmpeg 5.1 (libx265 3.5, libaom 3.6, rav1e 0.5, SVT-AV1 1.4, libvpx 1.12, libopus 1.3) of
// lavfi sources, sizes as ffprobe tells them; two more by other writers. The supplemental information is left out of HEVC's.
const hevc = [
  {
    hex: '0101600000009000000000001ef000fcfdf8f800000f03200001001840010c01ffff01600000030090000003000003001e959809210001002942010101600000030090000003000003001ea02083165959ae4caf016808000003000800000300c84022000100064401c173d089',
    value: { profile: 1, tier: 'main', level: 30, width: 64, height: 48 },
  },
  {
    hex: '01022000000090000000000078f000fcfdfafa00000f03200001001840010c01ffff022000000300900000030000030078959809210001002b420101022000000300900000030000030078a002ac80301d6d96566924caf0168080000003008000000c8422000100074401c172b46240',
    value: { profile: 2, tier: 'main', level: 120, width: 1366, height: 768 },
  },
  {
    hex: '0104080000009d08000000005af000fcfef8f800000f03200001001740010c01ffff0408000003009d0800000300005a959809210001002a4201010408000003009d0800000300005ab005a201e1d5e5959a4932bc05a0200000030020000003032122000100074401c172b46240',
    value: { profile: 4, tier: 'main', level: 90, width: 718, height: 478 },
  },
  {
    hex: '0104080000009808000000003cf000fcfffcfc00000f03200001001740010c01ffff040800000300980800000300003c959809210001002a420101040800000300980800000300003c90014101e3bb294b2b349265780b404000000300400000064222000100084401c172860c4624',
    value: { profile: 4, tier: 'main', level: 60, width: 318, height: 238 },
  },
  {
    hex: '0124080000009fc80000000099f000fcfcf8f800000f03200001001740010c01ffff2408000003009fc8000003000099959809210001002a4201012408000003009fc8000003000099c00f020043965959a4932bc05b02000003000200000300321022000100074401c172b46240',
    value: { profile: 4, tier: 'high', level: 153, width: 1920, height: 1080 },
  },
];

const av1 = [
  { hex: '81000c000a0a00000002aff79b5f2008', profile: 0, bitDepth: 8, width: 64, height: 48 },
  { hex: '81044c000a0b00000024c6abdd00be1010', profile: 0, bitDepth: 10, width: 854, height: 478 },
  {
    hex: '813f00000a0d200000fa1e7bda210a90202025',
    profile: 1,
    bitDepth: 8,
    width: 318,
    height: 238,
  },
  { hex: '814068000a0b40000003b63e336be58880', profile: 2, bitDepth: 12, width: 200, height: 100 },
  // ffmpeg 8 and OBS Studio, whose onMetaData says the same.
  { hex: '81040c000a0b00000024cf7f0dbfff3008', profile: 0, bitDepth: 8, width: 960, height: 540 },
  {
    hex: '810d0c000a0f0000006aea7fecf804332020202080',
    profile: 0,
    bitDepth: 8,
    width: 2560,
    height: 1440,
  },
];

describe('HEVCDecoderConfigurationRecord', () => {
  it.each(hevc)('of $value.width×$value.height is read', ({ hex, value }) => {
    const parsed = parseHevcDecoderConfiguration(bytes(hex));
    expect(parsed).toMatchObject({ ...value, nalLengthSize: 4 });
    expect([parsed.vps, parsed.sps, parsed.pps].map((units) => units.length)).toEqual([1, 1, 1]);
  });

  it('is refused at every cut, with another version, lengths of three bytes, and without a set', () => {
    const whole = bytes(hevc[0]?.hex ?? '');
    for (let length = 0; length < whole.length; length++) {
      expect(() => parseHevcDecoderConfiguration(whole.subarray(0, length))).toThrow(
        MalformedError,
      );
    }
    const changed = (at: number, byte: number) => () => {
      const copy = Uint8Array.from(whole);
      copy[at] = byte;
      parseHevcDecoderConfiguration(copy);
    };
    expect(changed(0, 2)).toThrow(MalformedError);
    expect(changed(21, 2)).toThrow(MalformedError);
    expect(changed(22, 0)).toThrow(MalformedError);
    expect(() => parseHevcSequenceParameterSet(bytes('4001'))).toThrow(MalformedError);
  });

  it('is read with sub-layers', () => {
    // ITU-T H.265 §7.3.2.2 with two temporal layers, the first of which has a level of its own.
    const bits = [
      ...['0000', '001', '1', '0'.repeat(96), '01', '00'.repeat(7), '0'.repeat(8)],
      ...[codes(0, 1, 64, 48), '0', codes(0, 0)],
    ].join('');
    const octets = bits.padEnd(Math.ceil(bits.length / 8) * 8, '0').match(/.{8}/g) ?? [];
    const unit = [0x42, 0x01, ...octets.map((octet) => parseInt(octet, 2))];
    expect(parseHevcSequenceParameterSet(withEmulationPrevention(unit))).toMatchObject({
      width: 64,
      height: 48,
    });
  });
});

/** ue(v) of each number. */
const codes = (...numbers: number[]): string =>
  numbers
    .map((number) => (number + 1).toString(2))
    .map((code) => '0'.repeat(code.length - 1) + code)
    .join('');

function withEmulationPrevention(unit: number[]): Uint8Array {
  const out: number[] = [];
  for (const byte of unit) {
    if (byte <= 3 && out.at(-1) === 0 && out.at(-2) === 0) out.push(3);
    out.push(byte);
  }
  return Uint8Array.from(out);
}

describe('AV1CodecConfigurationRecord', () => {
  it.each(av1)('of $width×$height is read', ({ hex, ...value }) => {
    expect(parseAv1CodecConfiguration(bytes(hex))).toMatchObject(value);
  });

  it('is read without a sequence header', () => {
    expect(parseAv1CodecConfiguration(bytes('81040c00'))).toEqual({
      ...{ profile: 0, level: 4, tier: 'main', bitDepth: 8, monochrome: false },
    });
  });

  it.each(['', '82040c00', '8104', '81040c000a0b0000'])('is refused: %j', (hex) => {
    expect(() => parseAv1CodecConfiguration(bytes(hex))).toThrow(MalformedError);
  });

  it('is found behind a temporal delimiter and an extension', () => {
    const header = '0a0b00000024cf7f0dbfff3008';
    expect(findAv1SequenceHeader(bytes(`1200${header}`))).toEqual({ width: 960, height: 540 });
    expect(findAv1SequenceHeader(bytes(`36000100${header}`))).toEqual({ width: 960, height: 540 });
    expect(findAv1SequenceHeader(bytes('1200'))).toBeUndefined();
    expect(() => findAv1SequenceHeader(bytes('12ffffffffffff'))).toThrow(MalformedError);
  });
});

describe('VPCodecConfigurationRecord', () => {
  it.each([
    { hex: '01000000000a820202020000', profile: 0, level: 10, bitDepth: 8, chromaSubsampling: 1 },
    { hex: '010000000315a60202020000', profile: 3, level: 21, bitDepth: 10, chromaSubsampling: 3 },
    { hex: '0315a60202020000', profile: 3, level: 21, bitDepth: 10, chromaSubsampling: 3 },
  ])('$hex is read', ({ hex, ...value }) => {
    expect(parseVpCodecConfiguration(bytes(hex))).toMatchObject({ ...value, colourPrimaries: 2 });
  });

  it.each(['', '01000000', '000a82', '000a000202020000'])('%j is refused', (hex) => {
    expect(() => parseVpCodecConfiguration(bytes(hex))).toThrow(MalformedError);
  });
});

describe('an Opus ID header', () => {
  it('is read', () => {
    expect(parseOpusHead(bytes('4f707573486561640102380180bb0000000000'))).toEqual({
      ...{ channels: 2, preSkip: 312, inputSampleRate: 48_000, outputGain: 0, mappingFamily: 0 },
    });
    const surround = parseOpusHead(bytes('4f707573486561640106380180bb000000ff010402000401020305'));
    expect(surround).toMatchObject({ channels: 6, outputGain: -256, mappingFamily: 1 });
    expect(surround.mapping).toEqual({ streams: 4, coupled: 2, channels: [0, 4, 1, 2, 3, 5] });
  });

  it.each([
    '4f707573486561640102380180bb00000000',
    '4f707573546167730102380180bb0000000000',
    '4f707573486561641102380180bb0000000000',
    '4f707573486561640100380180bb0000000000',
    '4f707573486561640103380180bb0000000000',
    '4f707573486561640106380180bb0000000001040200',
  ])('%s is refused', (hex) => {
    expect(() => parseOpusHead(bytes(hex))).toThrow(MalformedError);
  });
});

describe('FLAC STREAMINFO', () => {
  const stereo =
    '664c614380000022120012000002e30002e30bb802f000000960e5665e42691322fd62e5f6592b9fb3d0';

  it.each([
    { name: 'as ffmpeg has it', hex: stereo, sampleRate: 48_000, channels: 2, bitsPerSample: 16 },
    { name: 'alone', hex: stereo.slice(16), sampleRate: 48_000, channels: 2, bitsPerSample: 16 },
    {
      name: 'of 24 bits',
      hex: '664c6143800000222000200000136d00136d17700170000012c0fbb0f5112eccb14108c4fe581d50fc94',
      ...{ sampleRate: 96_000, channels: 1, bitsPerSample: 24 },
    },
  ])('is read $name', ({ hex, sampleRate, channels, bitsPerSample }) => {
    expect(parseFlacStreamInfo(bytes(hex))).toMatchObject({ sampleRate, channels, bitsPerSample });
  });

  it.each([
    '',
    stereo.slice(16, -2),
    stereo.replace('664c', '664d'),
    stereo.replace('80000022', '84000022'),
    stereo.replace('0bb802', '000002'),
  ])('%s is refused', (hex) => {
    expect(() => parseFlacStreamInfo(bytes(hex))).toThrow(MalformedError);
  });
});

it.each([
  ['HEVC', parseHevcDecoderConfiguration, hevc[1]?.hex],
  ['AV1', parseAv1CodecConfiguration, av1[5]?.hex],
  ['VP9', parseVpCodecConfiguration, '01000000000a820202020000'],
  ['Opus', parseOpusHead, '4f707573486561640106380180bb000000ff010402000401020305'],
] as const)('%s, however damaged, is read or refused', (_, parse, hex = '') => {
  const whole = bytes(hex);
  const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 4 });
  const anything = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    damage.map((changes) => {
      const copy = Uint8Array.from(whole);
      for (const [at, byte] of changes) copy[at] = byte;
      return copy;
    }),
  );
  fc.assert(
    fc.property(anything, (input) => {
      try {
        parse(input);
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedError);
      }
    }),
    { numRuns: 500 },
  );
});
