import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { DrawPacer } from './draw-pacer.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function begin() {
  const drawnAt: number[] = [];
  const pacer = new DrawPacer(() => drawnAt.push(performance.now()), 500);
  return { pacer, drawnAt };
}

it('draws what is new at once, and then at most twice a second', () => {
  const { pacer, drawnAt } = begin();
  pacer.setVisible(true);
  expect(drawnAt).toEqual([]);
  for (let index = 0; index < 200; index++) {
    pacer.request();
    vi.advanceTimersByTime(50);
  }
  expect(drawnAt).toHaveLength(1 + 10 * 2);
  expect(drawnAt.every((at, index) => index === 0 || at - (drawnAt[index - 1] ?? 0) >= 500)).toBe(
    true,
  );
});

it('draws nothing where nothing is new', () => {
  const { pacer, drawnAt } = begin();
  pacer.setVisible(true);
  pacer.request();
  vi.advanceTimersByTime(10_000);
  expect(drawnAt).toHaveLength(1);
});

it('draws nothing out of sight, and once what is new when it is back', () => {
  const { pacer, drawnAt } = begin();
  for (let index = 0; index < 20; index++) {
    pacer.request();
    vi.advanceTimersByTime(500);
  }
  expect(drawnAt).toHaveLength(0);
  pacer.setVisible(true);
  expect(drawnAt).toHaveLength(1);
  pacer.request();
  pacer.setVisible(false);
  vi.advanceTimersByTime(10_000);
  expect(drawnAt).toHaveLength(1);
  pacer.setVisible(true);
  expect(drawnAt).toHaveLength(2);
});

it('draws nothing once it is stopped, nor is it awake then', () => {
  const { pacer, drawnAt } = begin();
  pacer.setVisible(true);
  pacer.request();
  pacer.request();
  pacer.stop();
  expect(vi.getTimerCount()).toBe(0);
  vi.advanceTimersByTime(10_000);
  expect(drawnAt).toHaveLength(1);
});
