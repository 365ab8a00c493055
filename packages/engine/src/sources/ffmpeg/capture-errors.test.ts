import { reason } from '@tallylight/contract';
import { describe, expect, it } from 'vitest';
import {
  damageIn,
  explainCapture,
  lostFrames,
  parseDroppedFrames,
  unexplained,
} from './capture-errors.js';

const context = {
  camera: '/dev/video0',
  microphone: 'hw:Loopback,1,0',
  mode: '1280×720 at 30 fps',
  encoder: 'libx264',
};
const explain = (log: string, changes: Partial<typeof context> | object = {}) =>
  explainCapture(log.split('\n'), { ...context, ...changes })?.info;

// Lines marked VM were written by ffmpeg 5.1 to a real V4L2 device and ALSA card, the rest by the versions named in
// the issues where users reported them.
describe('explainCapture', () => {
  it.each([
    ['a camera in use (VM)', '/dev/video0: Device or resource busy', 'CAMERA_IN_USE'],
    [
      'a camera that is not there (VM)',
      '[video4linux2,v4l2 @ 0x5652a9d80940] Cannot open video device /dev/video9: No such file or directory\n/dev/video9: No such file or directory',
      'CAMERA_NOT_FOUND',
    ],
    [
      'a camera that may not be opened',
      '[video4linux2,v4l2 @ 0x1] Cannot open video device /dev/video0: Permission denied\n/dev/video0: Permission denied',
      'CAMERA_DENIED',
    ],
    [
      'a node that is no camera (VM)',
      '[video4linux2,v4l2 @ 0x1] ioctl(VIDIOC_G_INPUT): Inappropriate ioctl for device\n/dev/video1: Inappropriate ioctl for device',
      'CAMERA_NOT_FOUND',
    ],
    [
      'a format that the camera has not (VM)',
      "[video4linux2,v4l2 @ 0x1] Cannot find a proper format for codec 'mjpeg' (id 7), pixel format 'none' (id -1)\n/dev/video0: Invalid argument",
      'CAMERA_MODE',
    ],
    [
      'a camera that was unplugged (VM)',
      '[video4linux2,v4l2 @ 0x55942fb48980] ioctl(VIDIOC_DQBUF): No such device\n/dev/video0: No such device\nioctl(VIDIOC_QBUF): No such device',
      'CAMERA_NOT_FOUND',
    ],
    [
      'a microphone in use (VM)',
      '[alsa @ 0x55950dab0880] cannot open audio device plughw:Loopback,1,0 (Device or resource busy)\nplughw:Loopback,1,0: Input/output error',
      'MICROPHONE_FAILED',
    ],
    [
      'a microphone that is not there (VM)',
      'ALSA lib confmisc.c:165:(snd_config_get_card) Cannot get card index for Nothing\n[alsa @ 0x1] cannot open audio device plughw:Nothing,1,0 (No such device)\nplughw:Nothing,1,0: Input/output error',
      'MICROPHONE_FAILED',
    ],
    [
      'a camera in use on Windows',
      '[dshow @ 000001] Could not run graph (sometimes caused by a device already in use by other application)\nvideo=Integrated Camera: I/O error',
      'CAMERA_IN_USE',
    ],
    [
      'a camera that is not there on Windows',
      '[dshow @ 000001] Could not find video device with name [X] among source devices of type video.\nvideo=X: I/O error',
      'CAMERA_NOT_FOUND',
    ],
    [
      'a mode that a camera has not on Windows',
      '[dshow @ 000001] Could not set video options\nvideo=X: I/O error',
      'CAMERA_MODE',
    ],
    [
      'a microphone that is not there on Windows',
      '[dshow @ 000001] Could not find audio only device with name [M] among source devices of type audio.',
      'MICROPHONE_FAILED',
    ],
    [
      'a frame rate that a camera has not on macOS',
      '[avfoundation @ 0x7f] Selected framerate (29.970030) is not supported by the device.\n[avfoundation @ 0x7f] Supported modes:',
      'CAMERA_MODE',
    ],
    [
      'a camera that is not there on macOS',
      '[avfoundation @ 0x7f] Video device not found\nX:none: Input/output error',
      'CAMERA_NOT_FOUND',
    ],
    [
      'an encoder without its driver',
      '[h264_nvenc @ 0x55] Cannot load libcuda.so.1\nError initializing output stream 0:0 -- Error while opening encoder for output stream #0:0',
      'ENCODER_FAILED',
    ],
    ['an encoder that was not compiled in', "Unknown encoder 'h264_amf'", 'ENCODER_FAILED'],
    [
      'an encoder that refuses its parameters',
      'Error initializing output stream 0:0 -- Error while opening encoder for output stream #0:0 - maybe incorrect parameters',
      'ENCODER_FAILED',
    ],
  ])('recognizes %s', (_, log, code) => {
    expect(explain(log)?.code).toBe(code);
  });

  it('names the device and the reason', () => {
    expect(
      explain('[alsa @ 0x1] cannot open audio device plughw:X (Device or resource busy)')?.data,
    ).toEqual({ device: 'hw:Loopback,1,0', reason: 'Device or resource busy' });
    expect(explain('[dshow @ 1] Could not set video options')?.data).toMatchObject({
      mode: '1280×720 at 30 fps',
    });
    expect(explain('[h264_nvenc @ 0x55] Cannot load libcuda.so.1')?.data).toEqual({
      encoder: 'libx264',
      reason: reason('no-nvidia', { detail: 'Cannot load libcuda.so.1' }),
    });
  });

  it('blames no device that was not opened, and nothing for warnings', () => {
    const file = { camera: undefined, microphone: undefined };
    expect(explain('/x.mp4: Permission denied', file)).toBeUndefined();
    expect(
      explain(
        '[flv @ 0x1] Failed to update header with correct duration.\n' +
          'Past duration 0.999992 too large\n[libx264 @ 0x2] VBV underflow (frame 1, -1 bits)',
      ),
    ).toBeUndefined();
    expect(explain('')).toBeUndefined();
  });
});

describe('of a file', () => {
  const file = { camera: undefined, microphone: undefined, file: '/films/x.avi' };
  const copied = { ...file, encoder: undefined };

  it('speaks of the file, not of a device or an encoder that there is none of', () => {
    expect(
      explain('[flv @ 0x1] Packet is missing PTS\nav_interleaved_write_frame(): x', copied),
    ).toEqual({
      code: 'FILE_NOT_COPYABLE',
      phase: 'camera',
      data: { file: '/films/x.avi', reason: { reason: 'no-presentation-times' } },
    });
    expect(
      explain(
        '[flv @ 0x1] Video codec gif not compatible with flv\nError initializing output stream 0:0 -- ',
        copied,
      )?.code,
    ).toBe('FILE_NOT_COPYABLE');
    expect(explain('Error initializing output stream 0:0 -- ', copied)).toBeUndefined();
    expect(explain('[libdav1d @ 0x1] Error parsing OBU data', file)).toBeUndefined();
    expect(explain('[libx264 @ 0x1] Error: no', file)?.code).toBe('ENCODER_FAILED');
  });

  it('has an end of its own for what nothing explains', () => {
    const codeOf = (changes: object) => unexplained({ ...context, ...changes }, 'x').info.code;
    expect(codeOf(copied)).toBe('FILE_NOT_COPYABLE');
    expect(codeOf(file)).toBe('FILE_FAILED');
    expect(codeOf({})).toBe('CAPTURE_FAILED');
  });
});

it.each([
  ['[mov,mp4,m4a,3gp,3g2,mj2 @ 0x55] stream 1, offset 0xd135: partial file', 'cut-short'],
  ['[matroska,webm @ 0x55] File ended prematurely', 'cut-short'],
  ['[flv @ 0x56] Packet corrupt (stream = 1, dts = 490).', 'damaged-data'],
  ['file:x.flv: corrupt input packet in stream 1', 'damaged-data'],
  ['file:x.ts: corrupt decoded frame in stream 0', 'damaged-data'],
  ['Error while decoding stream #0:0: Invalid data found when processing input', 'damaged-data'],
  ['[NULL @ 0x55] Invalid NAL unit size (101359598 > 8187).', 'damaged-data'],
  ['[mjpeg @ 0x55] EOI missing, emulating', undefined],
  ['[mpegts @ 0x55] DTS 128090 < 213000 out of order', undefined],
  ['[swscaler @ 0x55] deprecated pixel format used', undefined],
])('knows whether a file is damaged from %s', (line, reason) => {
  expect(damageIn(line)).toEqual(reason === undefined ? undefined : { reason });
});

it('counts frames that only the log tells of', () => {
  const full =
    '[dshow @ 0001] real-time buffer [Integrated Camera] [video input] too full or near too full (101% of size: 3041280 [rtbufsize parameter])! frame dropped!';
  expect(lostFrames(full)).toBe(1);
  expect(lostFrames('frame=  10')).toBe(0);
});

it('reads the count of dropped frames', () => {
  expect(parseDroppedFrames('drop_frames=12')).toBe(12);
  expect(parseDroppedFrames('dup_frames=12')).toBeUndefined();
});
