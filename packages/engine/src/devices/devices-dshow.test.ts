import { expect, it } from 'vitest';
import { dshowIds, parseDshowDevices, parseDshowOptions } from './devices-dshow.js';

const alternative = '@device_pnp_\\\\?\\usb#vid_5986&pid_2113#{65e8773d}\\global';

it('reads the listing of new versions, whatever stands before the names', () => {
  const listing = [
    '[dshow @ 000001] "Integrated Camera" (video)',
    `[in#0 @ 000002]   Alternative name "${alternative}"`,
    '[dshow @ 000001] "OBS Virtual Camera" (none)',
    '[in#0 @ 000002] "Capture "Pro" card" (audio, video)',
    '[dshow @ 000001] "Microphone (Realtek(R) Audio)" (audio)',
    'Error opening input file dummy.',
    'Error opening input: Immediate exit requested',
  ].join('\r\n');
  expect(parseDshowDevices(listing)).toEqual([
    { name: 'Integrated Camera', alternative, video: true, audio: false },
    { name: 'OBS Virtual Camera', alternative: undefined, video: false, audio: false },
    { name: 'Capture "Pro" card', alternative: undefined, video: true, audio: true },
    { name: 'Microphone (Realtek(R) Audio)', alternative: undefined, video: false, audio: true },
  ]);
});

it('reads the listing of old versions by its headers', () => {
  const listing = [
    '[dshow @ 000001] DirectShow video devices (some may be both video and audio devices)',
    '[dshow @ 000001]  "Integrated Camera"',
    `[dshow @ 000001]     Alternative name "${alternative}"`,
    '[dshow @ 000001] DirectShow audio devices',
    '[dshow @ 000001]  "Mikrofon"',
    'dummy: Immediate exit requested',
  ].join('\n');
  expect(parseDshowDevices(listing)).toEqual([
    { name: 'Integrated Camera', alternative, video: true, audio: false },
    { name: 'Mikrofon', alternative: undefined, video: false, audio: true },
  ]);
});

it('uses the alternative name for twins and for names with a colon', () => {
  const device = (name: string, other?: string) => ({
    name,
    alternative: other,
    video: true,
    audio: false,
  });
  const devices = [
    device('Cam', 'a1'),
    device('Cam', 'a2'),
    device('One', 'a3'),
    device('A: B', 'a4'),
  ];
  expect(dshowIds(devices).map(({ id }) => id)).toEqual(['a1', 'a2', 'One', 'a4']);
  expect(dshowIds(devices).map(({ label }) => label)).toEqual(['Cam', 'Cam', 'One', 'A: B']);
});

it('reads modes', () => {
  const listing = [
    '  pixel_format=yuyv422  min s=640x480 fps=5 max s=640x480 fps=30 (tv, bt470bg/bt709/unknown)',
    '  vcodec=mjpeg  min s=1280x720 fps=30 max s=1280x720 fps=30.0003 (pc, bt470bg)',
    '  vcodec=mjpeg  min s=1280x720 fps=30 max s=1280x720 fps=30.0003',
    '  ch= 2, bits=16, rate= 44100',
  ].join('\n');
  expect(parseDshowOptions(listing)).toEqual([
    { width: 640, height: 480, fps: [5, 30], format: 'yuyv422' },
    { width: 1280, height: 720, fps: [30, 30.0003], format: 'mjpeg' },
  ]);
});
