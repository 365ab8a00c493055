import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Pacer } from './pacer.js';

describe('a pacer', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  const numbered = (length: number, start = 0): Uint8Array =>
    Uint8Array.from({ length }, (_, i) => (start + i) & 0xff);

  it('lets out what its rate allows, in order, complete and uncopied', () => {
    const sent: Uint8Array[] = [];
    // 1000 bytes a millisecond.
    const pacer = new Pacer(8_000_000, (pieces) => sent.push(...pieces));
    const [frame, small] = [numbered(100_000), numbered(10, 7)];
    pacer.push([small, frame]);
    const total = (): number => sent.reduce((sum, piece) => sum + piece.length, 0);
    expect(total()).toBe(20_000);
    expect(pacer.bytesWaiting).toBe(100_010 - 20_000);
    for (let tick = 1; tick <= 8; tick++) {
      vi.advanceTimersByTime(10);
      expect(total()).toBe(20_000 + tick * 10_000);
    }
    vi.advanceTimersByTime(20);
    expect(pacer.bytesWaiting).toBe(0);
    expect(Buffer.concat(sent)).toEqual(Buffer.concat([small, frame]));
    expect(sent.every((piece) => [small.buffer, frame.buffer].includes(piece.buffer))).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('saves up no more than a burst while nothing is to be sent', () => {
    let bytes = 0;
    const pacer = new Pacer(8_000_000, (pieces) => {
      for (const piece of pieces) bytes += piece.length;
    });
    vi.advanceTimersByTime(60_000);
    pacer.push([numbered(100_000)]);
    expect(bytes).toBe(20_000);
  });

  it('lets something go at any rate', () => {
    let bytes = 0;
    const pacer = new Pacer(800, (pieces) => {
      for (const piece of pieces) bytes += piece.length;
    });
    pacer.push([numbered(1_600)]);
    expect(bytes).toBe(1_500);
    vi.advanceTimersByTime(1_000);
    expect(bytes).toBe(1_600);
  });

  it('sends the rest at once when told to, and nothing once stopped', () => {
    const sent: Uint8Array[] = [];
    const pacer = new Pacer(8_000_000, (pieces) => sent.push(...pieces));
    pacer.push([numbered(100_000)]);
    pacer.flush();
    expect(Buffer.concat(sent)).toEqual(Buffer.from(numbered(100_000)));
    pacer.push([numbered(100_000)]);
    const { length } = sent;
    pacer.stop();
    vi.advanceTimersByTime(1_000);
    expect(sent).toHaveLength(length);
  });
});
