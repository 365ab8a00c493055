import { describe, expect, it } from 'vitest';
import { captureInputs } from './device-inputs.js';
import { copyArguments, encodeArguments, fileInput } from './ffmpeg-arguments.js';
import { parseFileStreams } from './file-streams.js';

const encoding = {
  width: 1280,
  height: 720,
  fps: 30,
  videoBitrate: 2_500_000,
  audioBitrate: 128_000,
  keyframeInterval: 2,
};
const file = fileInput({ path: 'x.mp4' });

/** The value after an option, where it occurs once. */
const option = (args: string[], name: string): string | undefined => {
  expect(args.filter((arg) => arg === name).length).toBeLessThanOrEqual(1);
  return args.includes(name) ? args[args.indexOf(name) + 1] : undefined;
};

const encode = (changes: Partial<Parameters<typeof encodeArguments>[0]> = {}): string[] =>
  encodeArguments({ inputs: [file], encoding, encoder: 'libx264', preview: false, ...changes });

describe('encodeArguments', () => {
  it('sets rate, size and keyframes as asked for', () => {
    const args = encode();
    expect(option(args, '-b:v')).toBe('2500000');
    expect(option(args, '-maxrate')).toBe('2750000');
    expect(option(args, '-bufsize')).toBe('2500000');
    expect(option(args, '-g')).toBe('60');
    expect(option(args, '-keyint_min')).toBe('60');
    expect(option(args, '-sc_threshold')).toBe('0');
    expect(option(args, '-b:a')).toBe('128000');
    expect(option(args, '-vf')).toMatch(/^fps=30,.*pad=1280:720:.*,format=yuv420p$/);
    expect(args.at(-1)).toBe('pipe:1');
  });

  it('has at least one frame between keyframes', () => {
    const slow = { ...encoding, fps: 1, keyframeInterval: 0.25 };
    expect(option(encode({ encoding: slow }), '-g')).toBe('1');
  });

  it('keeps a common clock of two inputs, and leaves one input alone', () => {
    const video = { type: 'camera', id: '/dev/video0' } as const;
    const both = { video, encoding, mode: encoding };
    const microphone = { type: 'microphone', id: 'hw:1,0' } as const;
    const two = encode({ inputs: captureInputs('linux', { ...both, audio: microphone }) });
    expect(two).toContain('-copyts');
    expect(option(two, '-avoid_negative_ts')).toBe('make_zero');
    expect(two).toContain('0:v:0');
    expect(two).toContain('1:a:0');
    const one = encode({ inputs: captureInputs('linux', { ...both, audio: { type: 'none' } }) });
    expect(one).not.toContain('-copyts');
    expect(one).toContain('-an');
  });

  it('writes pictures and sound for a preview only when one is wanted', () => {
    for (const pipe of ['pipe:3', 'pipe:5']) {
      expect(encode()).not.toContain(pipe);
      expect(encode({ preview: true })).toContain(pipe);
    }
  });

  it.each([
    ['h264_vaapi', 'nv12,hwupload', '-vaapi_device'],
    ['h264_nvenc', 'yuv420p', '-forced-idr'],
    ['h264_qsv', 'nv12', '-look_ahead'],
    ['h264_amf', 'nv12', '-usage'],
    ['h264_videotoolbox', 'nv12', '-realtime'],
    ['libopenh264', 'yuv420p', '-rc_mode'],
    ['h264_mf', 'yuv420p', '-bf'],
  ])('knows what %s takes', (encoder, format, hint) => {
    const args = encode({ encoder });
    expect(option(args, '-c:v')).toBe(encoder);
    expect(option(args, '-vf')).toMatch(new RegExp(`format=${format}$`));
    expect(args).toContain(hint);
    expect(option(args, '-maxrate')).toBe('2500000');
  });

  it('puts the hardware device before the inputs', () => {
    const args = encode({ encoder: 'h264_vaapi' });
    expect(args.indexOf('-vaapi_device')).toBeLessThan(args.indexOf('-i'));
  });
});

describe('a file', () => {
  it.each(['-i.mp4', 'http://host/x.mp4', 'concat:a|b', '/films/a b.mp4'])(
    'named %s stays a file',
    (path) => {
      expect(fileInput({ path }).args.slice(-2)).toEqual(['-i', `file:${path}`]);
    },
  );

  const streams = parseFileStreams(
    [
      "Input #0, mov, from 'file:x':",
      '  Stream #0:0: Video: mjpeg (Baseline), yuvj420p(pc), 600x600 (attached pic)',
      '  Stream #0:1: Audio: aac (LC), 48000 Hz, mono, fltp',
      '  Stream #0:2: Video: h264 (High), yuv420p, 320x180, 30 fps',
    ].join('\n'),
  );
  const mapped = (args: readonly string[]): (string | undefined)[] =>
    args.flatMap((arg, at) => (arg === '-map' ? [args[at + 1]] : []));

  it('is copied in real time', () => {
    const copied = copyArguments({ path: 'x' }, streams, false);
    expect(copied).toContain('-re');
    expect(option(copied, '-c')).toBe('copy');
  });

  it('is encoded once or for ever', () => {
    const encoded = (loop: boolean): string[] =>
      encode({ inputs: [fileInput({ path: 'x', loop }, streams)] });
    expect(encoded(false)).not.toContain('-stream_loop');
    expect(option(encoded(true), '-stream_loop')).toBe('-1');
  });

  it('is sent by the tracks that were examined', () => {
    expect(mapped(copyArguments({ path: 'x' }, streams, false))).toEqual(['0:2', '0:1']);
    const inputs = [fileInput({ path: 'x' }, streams)];
    expect(mapped(encode({ inputs, preview: true }))).toEqual(['0:2', '0:1', '0:2', '0:1']);
    const silent = fileInput({ path: 'x' }, { ...streams, audio: undefined });
    expect(mapped(encode({ inputs: [silent] }))).toEqual(['0:2']);
    expect(encode({ inputs: [silent] })).toContain('-an');
  });

  it('of a single picture is shown without end, or for as long as is said', () => {
    const shown = fileInput({ path: 'x.png', still: true, stillSeconds: 10 });
    expect(option([...shown.args], '-t')).toBe('10');
    expect(option([...fileInput({ path: 'x.png', still: true }).args], '-loop')).toBe('1');
  });

  it('begins where it is told to; a single picture is shown for the rest of its time', () => {
    const from = fileInput({ path: 'x.mp4', startMs: 61_250 });
    expect(from.args.slice(-4)).toEqual(['-ss', '61.250', '-i', 'file:x.mp4']);
    const shown = fileInput({ path: 'x.png', still: true, stillSeconds: 10, startMs: 4000 });
    expect(option([...shown.args], '-t')).toBe('6');
    expect(shown.args).not.toContain('-ss');
  });
});
