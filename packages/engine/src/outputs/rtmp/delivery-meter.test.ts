import { expect, test } from 'vitest';
import { DeliveryMeter } from './delivery-meter.js';

test('nothing is told before there was an answer', () => {
  const meter = new DeliveryMeter();
  meter.ask(0, 1_000);
  expect(meter.delivery(500)).toBeUndefined();
});

test('a way that takes long is no queue, and what arrives is what is sent', () => {
  const meter = new DeliveryMeter();
  for (let at = 0; at < 3_000; at += 500) meter.answer(meter.ask(at, at * 100), at + 300);
  expect(meter.delivery(2_900)).toMatchObject({ delayMs: 0, bitrate: 800_000 });
});

test('a ping that is not answered shows the queue before its answer does', () => {
  const meter = new DeliveryMeter();
  meter.answer(meter.ask(0, 0), 40);
  meter.ask(500, 50_000);
  expect(meter.delivery(1_000)?.delayMs).toBe(460);
});

test('while something waits, the rate is that of the queue alone', () => {
  const meter = new DeliveryMeter();
  for (let at = 0; at <= 1_000; at += 250) meter.answer(meter.ask(at, at * 100), at + 40);
  // From here on less than a third of it passes.
  for (let n = 1; n <= 4; n += 1) {
    meter.answer(meter.ask(1_000 + n * 250, 100_000 + n * 25_000), 1_000 + n * 833 + 40);
  }
  const delivery = meter.delivery(4_372);
  expect(delivery?.isOfQueue).toBe(true);
  expect(Math.round(delivery?.bitrate ?? NaN) / 1_000).toBeCloseTo(240, 0);
});

test('where nothing arrives any more, the rate falls to nothing', () => {
  const meter = new DeliveryMeter();
  for (let at = 0; at <= 1_000; at += 250) meter.answer(meter.ask(at, at * 100), at + 40);
  meter.ask(1_250, 125_000);
  expect(meter.delivery(9_000)?.bitrate).toBeLessThan(30_000);
});

/** What is told after 20 s of a way of 40 ms, and 20 s of one that takes as long as `takesMs` says, after so many milliseconds. */
function delayAfter(takesMs: (ms: number) => number): number | undefined {
  const meter = new DeliveryMeter();
  for (let at = 0; at < 20_000; at += 500) meter.answer(meter.ask(at, at), at + 40);
  for (let at = 0; at < 20_000; at += 500) {
    meter.answer(meter.ask(20_000 + at, 20_000 + at), 20_000 + at + takesMs(at));
  }
  return meter.delivery(40_000)?.delayMs;
}

test('a way that has become longer is taken as it is after a while', () => {
  expect(delayAfter(() => 600)).toBe(0);
});

test('a queue that empties slowly is still a queue', () => {
  expect(delayAfter((ms) => 1_500 - ms / 20)).toBeGreaterThan(450);
});

test('the answer to one ping is one to all before it', () => {
  const meter = new DeliveryMeter();
  meter.ask(0, 100);
  meter.answer(meter.ask(10, 200), 50);
  expect(meter.unanswered).toBe(0);
});

test('acknowledged bytes answer what they reach, and that they come seldom means nothing', () => {
  const meter = new DeliveryMeter({ isAnsweredAtOnce: false });
  for (let at = 0; at <= 8_000; at += 250) {
    meter.ask(at, at * 100);
    if (at === 4_000 || at === 8_000) meter.acknowledge(at * 100 - 2_500, at + 10);
  }
  expect(meter.delivery(8_200)).toMatchObject({ delayMs: 0, bitrate: 800_000 });
});
