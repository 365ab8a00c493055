import { expect, it } from 'vitest';
import { hex } from '../../test/fixtures/hex.js';
import { isDisposablePicture } from './is-disposable-picture.js';

const unit = (bytes: string): string =>
  `000000${(bytes.length / 2).toString(16).padStart(2, '0')}${bytes}`;

it.each([
  ['a B-frame that nothing refers to', unit('019e41'), true],
  ['the same behind a delimiter and SEI', unit('0950') + unit('0605ff') + unit('019e41'), true],
  ['the same in two slices', unit('019e41') + unit('019e42'), true],
  ['the same behind lengths of two bytes', '0003019e41', true],
  ['the same behind start codes', '000000010950' + '000001019e41', true],
  ['a B-frame that others refer to', unit('419e41'), false],
  ['slices that differ, which no standard allows', unit('019e41') + unit('419e42'), false],
  ['a P-frame', unit('419a21'), false],
  ['a keyframe', unit('658884'), false],
  ['no slice at all', unit('0950'), false],
  ['nothing', '', false],
  ['a frame that is cut off', '0000ffff019e41', false],
])('%s of H.264: %s', (_, bytes, expected) => {
  expect(isDisposablePicture('h264', hex(bytes))).toBe(expected);
});

it('of other codecs it says no', () => {
  for (const codec of ['hevc', 'av1', 'vp8', 'vp9'] as const)
    expect(isDisposablePicture(codec, hex(unit('019e41')))).toBe(false);
});
