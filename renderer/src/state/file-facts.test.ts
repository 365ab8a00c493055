import { expect, it } from 'vitest';
import { windowMessages } from './messages-store.js';
import { copiedFormat } from './file-facts.js';

const list = {
  files: [
    { id: 'a', name: 'a.mp4', width: 640, height: 360, fps: 25 },
    { id: 'b', name: 'b.mp4', width: 1280, height: 720 },
  ],
  ...{ repeat: false, copy: true },
};
const on = (id: string, isCopied: boolean, language: 'en' | 'zh-CN' = 'en') =>
  copiedFormat(
    { ...list, playback: { id, positionMs: 0, isPaused: false, isCopied } },
    windowMessages(language),
  );

it('tells size and rate of the file that is on, and that nobody encodes it', () => {
  expect(on('a', true)).toBe('640×360 · 25 fps · as it is');
  expect(on('b', true)).toBe('1280×720 · as it is');
  expect(on('a', true, 'zh-CN')).toBe('640×360 · 25 fps · 原样发送');
  expect(on('a', false)).toBeUndefined();
  expect(copiedFormat(list, windowMessages('en'))).toBeUndefined();
});
