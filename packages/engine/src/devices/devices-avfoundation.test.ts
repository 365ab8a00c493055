import { expect, it } from 'vitest';
import { parseAvfoundationDevices, parseAvfoundationModes } from './devices-avfoundation.js';

it('reads cameras and microphones, without screens', () => {
  const listing = [
    '[AVFoundation indev @ 0x7f8] AVFoundation video devices:',
    '[AVFoundation indev @ 0x7f8] [0] FaceTime HD Camera',
    '[AVFoundation indev @ 0x7f8] [1] Capture screen 0',
    '[AVFoundation indev @ 0x7f8] AVFoundation audio devices:',
    '[AVFoundation indev @ 0x7f8] [0] MacBook Pro Microphone',
    ': Input/output error',
  ].join('\n');
  expect(parseAvfoundationDevices(listing)).toEqual({
    video: [{ id: 'FaceTime HD Camera', label: 'FaceTime HD Camera' }],
    audio: [{ id: 'MacBook Pro Microphone', label: 'MacBook Pro Microphone' }],
  });
});

it('falls back to the index where a name would open another device', () => {
  const listing = [
    '[AVFoundation indev @ 0x7f8] AVFoundation video devices:',
    '[AVFoundation indev @ 0x7f8] [0] USB Camera 2',
    '[AVFoundation indev @ 0x7f8] [1] USB Camera',
    '[AVFoundation indev @ 0x7f8] [2] Cam: front',
    '[AVFoundation indev @ 0x7f8] [3] USB Camera 2',
  ].join('\n');
  expect(parseAvfoundationDevices(listing).video.map(({ id }) => id)).toEqual([
    'USB Camera 2',
    '1',
    '2',
    '3',
  ]);
});

it('reads the modes from the complaint about one', () => {
  const complaint = [
    '[avfoundation @ 0x7f] Selected framerate (1234.000000) is not supported by the device.',
    '[avfoundation @ 0x7f] Supported modes:',
    '[avfoundation @ 0x7f]   640x480@[15.000000 30.000030]fps',
    '[avfoundation @ 0x7f]   1280x720@[30.000030 30.000030]fps',
    '[avfoundation @ 0x7f]   1920x1080@[29.970030 29.970030]fps',
    '0:none: Input/output error',
  ].join('\n');
  expect(parseAvfoundationModes(complaint)).toEqual([
    { width: 640, height: 480, fps: [15, 30], format: 'native' },
    { width: 1280, height: 720, fps: [30], format: 'native' },
    { width: 1920, height: 1080, fps: [29.97], format: 'native' },
  ]);
});
