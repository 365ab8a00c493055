import { expect, test } from 'vitest';
import { SpeedMeter } from './speed-meter.js';

/** A meter, and the way to have it measure: so many milliseconds of the clock at `fps`, each frame `speed` times as long. */
function setUp() {
  let now = 50_000;
  let media = 0;
  const meter = new SpeedMeter(() => now);
  const run = (ms: number, { fps = 30, speed = 1 } = {}): void => {
    for (const end = now + ms; now < end - 1e-6;) {
      meter.add(media);
      now += 1000 / fps;
      media += (1000 * speed) / fps;
    }
  };
  return { meter, run, pass: (ms: number) => (now += ms), skip: (ms: number) => (media += ms) };
}

test('a source that keeps up is as fast as the clock, at any rate of frames', () => {
  for (const fps of [60, 30, 29.97, 10, 2]) {
    const { meter, run } = setUp();
    run(30_000, { fps });
    expect(meter.speed).toBeCloseTo(1, 2);
  }
});

test('nothing is told before four seconds have been measured', () => {
  const { meter, run } = setUp();
  expect(meter.speed).toBeUndefined();
  run(3_900);
  expect(meter.speed).toBeUndefined();
  run(1_000);
  expect(meter.speed).toBeCloseTo(1, 1);
});

test('one that is too slow is so by as much, and what was before ten seconds is forgotten', () => {
  const { meter, run } = setUp();
  run(60_000);
  run(10_500, { speed: 0.8 });
  expect(meter.speed).toBeCloseTo(0.8, 2);
  run(10_500, { speed: 1.5 });
  expect(meter.speed).toBeCloseTo(1.5, 2);
});

test('none is too slow between two frames', () => {
  const { meter, run, pass } = setUp();
  run(20_000, { fps: 2 });
  pass(100);
  expect(meter.speed).toBeCloseTo(1, 2);
});

test('one that stands still becomes slower as time goes by', () => {
  const { meter, run, pass } = setUp();
  run(20_000);
  pass(5_000);
  expect(meter.speed).toBeCloseTo(0.5, 1);
  pass(20_000);
  expect(meter.speed).toBeLessThan(0.01);
});

test('after a rest it is measured anew', () => {
  const { meter, run, pass } = setUp();
  run(20_000);
  meter.reset();
  expect(meter.speed).toBeUndefined();
  pass(60_000);
  run(5_000);
  expect(meter.speed).toBeCloseTo(1, 1);
});

test('however many frames come, few samples are kept', () => {
  const { meter, run } = setUp();
  run(120_000, { fps: 240 });
  expect(meter.samples).toBeLessThanOrEqual(102);
});
