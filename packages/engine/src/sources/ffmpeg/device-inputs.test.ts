import { describe, expect, it } from 'vitest';
import type { AudioInput, VideoInput } from '@tallylight/contract';
import { captureInputs } from './device-inputs.js';

const encoding = {
  width: 1280,
  height: 720,
  fps: 30,
  videoBitrate: 2_500_000,
  audioBitrate: 128_000,
  keyframeInterval: 2,
};
const test = { type: 'test' } as const;
const none: AudioInput = { type: 'none' };
const camera = (id: string): VideoInput => ({ type: 'camera', id });
const microphone = (id: string): AudioInput => ({ type: 'microphone', id });

const inputs = (
  platform: NodeJS.Platform,
  video: VideoInput,
  audio: AudioInput,
  format?: string,
): string[] =>
  captureInputs(platform, { video, audio, encoding, mode: { ...encoding, format } }).map(
    ({ args }) => args.join(' '),
  );

describe('Linux', () => {
  it('opens camera and microphone on the wall clock', () => {
    expect(inputs('linux', camera('/dev/video0'), microphone('hw:Loopback,1,0'))).toEqual([
      '-thread_queue_size 16 -f v4l2 -ts abs -framerate 30 -video_size 1280x720 -i /dev/video0',
      '-thread_queue_size 1024 -f alsa -sample_rate 48000 -channels 2 -i plughw:Loopback,1,0',
    ]);
  });

  it('asks for a format, and speaks to PulseAudio', () => {
    const [video, audio] = inputs('linux', camera('/dev/video0'), microphone('pulse:mic'), 'mjpeg');
    expect(video).toContain('-input_format mjpeg -framerate');
    expect(audio).toBe('-thread_queue_size 1024 -f pulse -sample_rate 48000 -i mic');
  });

  it.each(['default', 'plughw:1,0', 'dsnoop:CARD=Mic'])('takes the ALSA name %s as it is', (id) => {
    expect(inputs('linux', test, microphone(id))[1]).toMatch(new RegExp(`-i ${id}$`));
  });
});

describe('macOS', () => {
  it('opens both as one input, always with a frame rate', () => {
    expect(inputs('darwin', camera('FaceTime HD Camera'), microphone('Built-in'))).toEqual([
      '-f avfoundation -framerate 30 -video_size 1280x720 -i FaceTime HD Camera:Built-in',
    ]);
  });

  it('opens either alone', () => {
    expect(inputs('darwin', camera('0'), none)[0]).toMatch(/-framerate 30 .* -i 0:none$/);
    expect(inputs('darwin', test, microphone('1'))[1]).toMatch(/-f avfoundation -i none:1$/);
  });
});

describe('Windows', () => {
  it('opens both as one input, with room for a slow moment', () => {
    const [input, ...others] = inputs('win32', camera('Integrated Camera'), microphone('Mic'));
    expect(others).toEqual([]);
    expect(input).toBe(
      '-f dshow -rtbufsize 256M -audio_buffer_size 50 ' +
        '-framerate 30 -video_size 1280x720 -i video=Integrated Camera:audio=Mic',
    );
  });

  it('keeps an alternative name as one argument', () => {
    const id = '@device_pnp_\\\\?\\usb#vid_5986&pid_2113#{65e8773d}\\global';
    const [input] = captureInputs('win32', {
      video: camera(id),
      audio: none,
      encoding,
      mode: encoding,
    });
    expect(input?.args.at(-1)).toBe(`video=${id}`);
  });
});

describe('a test signal', () => {
  it('has its own clock when it stands alone', () => {
    const made = captureInputs('linux', { video: test, audio: test, encoding, mode: encoding });
    expect(made.map(({ clock }) => clock)).toEqual(['own', 'own']);
    expect(made.every(({ args }) => args[0] === '-re')).toBe(true);
  });

  it('shares the wall clock with a device beside it', () => {
    for (const platform of ['linux', 'darwin', 'win32'] as const) {
      const beside = captureInputs(platform, {
        video: camera('0'),
        audio: test,
        encoding,
        mode: encoding,
      });
      expect(beside.map(({ clock }) => clock)).toEqual(['wall', 'wall']);
      expect(beside[1]?.args.at(-1)).toMatch(/,arealtime$/);
    }
  });
});
