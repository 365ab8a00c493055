import { describe, expect, it } from 'vitest';
import { MalformedError } from '../bytes/malformed-error.js';
import {
  buildAvcDecoderConfiguration,
  parseAvcDecoderConfiguration,
} from './avc-decoder-configuration.js';
import { parseSequenceParameterSet } from './sequence-parameter-set.js';

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));

// extradata of `ffmpeg -f lavfi -i color=s=64x48 -c:v libx264 -profile:v high` (ffmpeg 5.1), as ffprobe shows it.
const high = bytes(
  '0164000affe100186764000aacd9447b011000000300100000030320f122596001000668ebe3cb22c0fdf8f800',
);

// Parameter sets written by libx264 (ffmpeg 5.1) for lavfi color sources; sizes as ffprobe reports them.
const sets = [
  { name: 'high', hex: '6764000aacd9447b011000000300100000030320f1225960', width: 64, height: 48 },
  {
    name: 'baseline',
    hex: '6742c01ed900a02ff97011000003000100000300320f162e48',
    width: 640,
    height: 360,
  },
  {
    name: 'main',
    hex: '674d4028eca03c0113f2e02200000300020000030064c08001e848003d09c98600f1831960',
    width: 1920,
    height: 1080,
  },
  {
    name: 'main',
    hex: '674d401eeca05a126c0440000003004000000c87c50a6580',
    width: 720,
    height: 576,
  },
  {
    name: 'high422',
    hex: '677a0020bcd94056061e6f011000000300100000030320f1831960',
    width: 1366,
    height: 768,
  },
  {
    name: 'high444',
    hex: '67f4000d919b28283fdde022000003000200000300641e28532c',
    width: 318,
    height: 238,
  },
  {
    name: 'high10',
    hex: '676e001ea6cd940d83de6f011000000300100000030320f162d960',
    width: 854,
    height: 480,
  },
  {
    name: 'high',
    hex: '6764001eacd940b422fd6022000003000200000300643e28532c',
    width: 720,
    height: 540,
  },
  {
    name: 'high',
    hex: '6764001ef3650360f78bbc05b2000003000200000300641e2c5b2c',
    width: 854,
    height: 478,
  },
  {
    name: 'high',
    hex: '6764001eacd940a02fea6c0440000003004000000c83c58b6580',
    width: 638,
    height: 358,
  },
];

describe.each(sets)(
  'the sequence parameter set of $name $width×$height',
  ({ hex, width, height }) => {
    it('has the size that is shown', () => {
      expect(parseSequenceParameterSet(bytes(hex))).toMatchObject({ width, height });
    });

    it('is refused when cut within its fields', () => {
      expect(() => parseSequenceParameterSet(bytes(hex).subarray(0, 5))).toThrow(MalformedError);
    });
  },
);

it('refuses a sequence parameter set whose cropping leaves nothing', () => {
  // Baseline, one macroblock each way: 0, 0, 2, 1, 0; a width and height of 1; frames only, 8x8; cropped by 8 pairs.
  const codes = ['1', '1', '011', '010', '0', '1', '1', '1', '1', '1'];
  const cropped = [...codes, '0001001', '1', '1', '1', '0', '1'].join('');
  const bits = cropped.padEnd(Math.ceil(cropped.length / 8) * 8, '0');
  const fields = bits.match(/.{8}/g)?.map((byte) => parseInt(byte, 2)) ?? [];
  expect(() => parseSequenceParameterSet(Uint8Array.of(0x67, 66, 0, 30, ...fields))).toThrow(
    /size/,
  );
});

describe('AVCDecoderConfigurationRecord', () => {
  it('is read', () => {
    const parsed = parseAvcDecoderConfiguration(high);
    expect(parsed).toMatchObject({
      profile: 100,
      level: 10,
      nalLengthSize: 4,
      width: 64,
      height: 48,
    });
    expect(parsed.sps).toHaveLength(1);
    expect(parsed.pps).toHaveLength(1);
  });

  it('is built back to the same bytes', () => {
    const { sps, pps } = parseAvcDecoderConfiguration(high);
    expect(Buffer.from(buildAvcDecoderConfiguration(sps, pps)).toString('hex')).toBe(
      Buffer.from(high).toString('hex'),
    );
  });

  it('is refused at every cut before its last mandatory byte', () => {
    // Four bytes of chroma fields follow, which older writers leave out.
    for (let length = 0; length < high.length - 4; length++) {
      expect(() => parseAvcDecoderConfiguration(high.subarray(0, length))).toThrow(MalformedError);
    }
    expect(parseAvcDecoderConfiguration(high.subarray(0, high.length - 4)).width).toBe(64);
  });

  it('is refused without a parameter set, with another version, or with three-byte lengths', () => {
    expect(() => parseAvcDecoderConfiguration(bytes('0164000affe000'))).toThrow(MalformedError);
    expect(() => parseAvcDecoderConfiguration(bytes('0264000affe100'))).toThrow(MalformedError);
    expect(() => parseAvcDecoderConfiguration(bytes('0164000afee100'))).toThrow(MalformedError);
    expect(() => buildAvcDecoderConfiguration([], [])).toThrow(MalformedError);
  });
});
