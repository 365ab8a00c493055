import { describe, expect, it } from 'vitest';
import { ArrivalClock } from './arrival-clock.js';

const frame = 33_333;

/** Observes `count` frames whose own clock is `distance` behind and that arrive up to 20 ms late. */
function observe(clock: ArrivalClock, count: number, distance: number, firstIndex = 0): void {
  for (let index = firstIndex; index < firstIndex + count; index++) {
    const late = ((index * 7) % 11) * 2000;
    clock.observe(index * frame + distance + late, index * frame);
  }
}

describe('ArrivalClock', () => {
  it('maps by the smallest delay that it saw', () => {
    const clock = new ArrivalClock(11);
    observe(clock, 11, 5_000_000);
    expect(clock.settled).toBe(true);
    expect(clock.map(20 * frame, 20 * frame + 5_010_000)).toBe(20 * frame + 5_000_000);
  });

  it('is not settled on too little', () => {
    const clock = new ArrivalClock(8);
    observe(clock, 7, 0);
    expect(clock.settled).toBe(false);
  });

  it('forgets timestamps of the clock that was used before the stream was transferred', () => {
    const clock = new ArrivalClock(10);
    observe(clock, 5, 0);
    observe(clock, 5, 400_000, 5);
    expect(clock.settled).toBe(false);
    observe(clock, 5, 400_000, 10);
    expect(clock.settled).toBe(true);
    expect(clock.map(0, 400_000)).toBeGreaterThanOrEqual(400_000);
  });

  it('takes what it has when arrivals never become even', () => {
    const clock = new ArrivalClock(4);
    for (let index = 0; index < 20; index++)
      clock.observe(index * 1e6 + (index % 2) * 3e5, index * 1e6);
    expect(clock.settled).toBe(true);
    expect(clock.map(1e6, 1e6)).toBe(1e6);
  });

  it('starts anew when the track’s clock is set to something else', () => {
    const clock = new ArrivalClock(2);
    clock.observe(1000, 0);
    clock.observe(2000, 1000);
    expect(clock.map(0, 60_000_000)).toBe(60_000_000);
    expect(clock.map(10_000, 60_012_000)).toBe(60_010_000);
  });
});
