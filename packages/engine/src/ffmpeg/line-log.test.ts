import { expect, it } from 'vitest';
import { LineLog } from './line-log.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

it('splits lines whatever the cut, also within a character', () => {
  const text = bytes('one\r\n\nKäse\rthree\n  four');
  for (let cut = 0; cut <= text.length; cut++) {
    const log = new LineLog();
    log.push(text.subarray(0, cut));
    log.push(text.subarray(cut));
    expect(log.lines.map((line) => line.trim())).toEqual(['one', 'Käse', 'three', 'four']);
  }
});

it('tells each line once it is whole', () => {
  const seen: string[] = [];
  const log = new LineLog((line) => seen.push(line));
  log.push(bytes('a\nb'));
  expect(seen).toEqual(['a']);
  log.push(bytes('c\n'));
  expect(seen).toEqual(['a', 'bc']);
});

it('stays small, whatever comes', () => {
  const log = new LineLog();
  for (let i = 0; i < 1000; i++) log.push(bytes(`line ${i}\n`));
  expect(log.lines).toHaveLength(200);
  expect(log.lines.at(-1)).toBe('line 999');
  for (let i = 0; i < 100; i++) log.push(new Uint8Array(10_000).fill(0x61));
  expect(log.lines.at(-1)?.length).toBeLessThanOrEqual(500);
});
