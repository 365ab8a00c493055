import { describe, expect, test } from 'vitest';
import { TimeOnAir } from './time-on-air.js';

function setUp() {
  const clock = { ms: 1_000 };
  return { clock, time: new TimeOnAir(() => clock.ms) };
}

describe('the time on air', () => {
  test('runs while it is live, and stands still while no server is there', () => {
    const { clock, time } = setUp();
    expect(time.ms).toBe(0);
    time.begin();
    clock.ms += 3_000;
    time.begin();
    expect(time.ms).toBe(3_000);
    // It was noticed a second late.
    time.end(1_000);
    clock.ms += 10_000;
    time.end(0);
    expect(time.ms).toBe(2_000);
    time.begin();
    clock.ms += 500;
    expect(time.ms).toBe(2_500);
  });

  test('ends with the last frame that left, not with the last word of the servers', () => {
    const { clock, time } = setUp();
    time.begin();
    clock.ms += 2_000;
    time.noteMedia(60);
    clock.ms += 400;
    time.noteMedia(72);
    clock.ms += 5_000;
    time.noteMedia(72);
    // Taken back: some of them were missed.
    time.noteMedia(70);
    expect(time.ms).toBe(2_400);
    time.end(0);
    expect(time.ms).toBe(2_400);
  });

  test('takes off what nobody received, and never more than there was', () => {
    const { clock, time } = setUp();
    time.begin();
    clock.ms += 2_000;
    time.end(9_000);
    expect(time.ms).toBe(0);
  });
});
