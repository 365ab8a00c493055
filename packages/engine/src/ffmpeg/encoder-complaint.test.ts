import { reason } from '@tallylight/contract';
import { expect, it } from 'vitest';
import { encoderComplaint } from './encoder-complaint.js';

it.each([
  ['[h264_nvenc @ 0x55] Cannot load libcuda.so.1', 'no-nvidia'],
  ['[h264_nvenc @ 0x55] Cannot load nvcuda.dll', 'no-nvidia'],
  ['[h264_nvenc @ 0x55] No capable devices found', 'no-nvidia'],
  ['[h264_qsv @ 0x1] Error initializing an internal MFX session: unsupported (-3)', 'no-intel'],
  ['[AVHWDeviceContext @ 0x1] No VA display found for device /dev/dri/renderD128.', 'no-vaapi'],
  ['[h264_amf @ 0x1] DLL libamfrt64.so.1 failed to open', 'no-amd'],
] as const)('knows what %j means', (line, code) => {
  const detail = line.replace(/^\[.*?\] /, '');
  expect(encoderComplaint(line)).toEqual(reason(code, { detail }));
});

it('repeats what it does not know', () => {
  expect(encoderComplaint(' [libx264 @ 0x55] bad option')).toBe('bad option');
});
