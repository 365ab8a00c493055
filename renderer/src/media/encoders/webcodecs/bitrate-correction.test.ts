import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BitrateCorrection } from './bitrate-correction.js';

const wanted = 2_500_000;

/** What an encoder gives over `seconds`, at 30 frames a second, that makes `rateOf` of what it is told. */
function run(
  correction: BitrateCorrection,
  seconds: number,
  rateOf: (told: number) => number,
  startSeconds = 0,
): number {
  let bits = 0;
  for (let frame = 0; frame < seconds * 30; frame += 1) {
    const bytes = rateOf(correction.told) / 8 / 30;
    bits += bytes * 8;
    correction.note(Math.round((startSeconds + frame / 30) * 1e6), bytes);
  }
  return bits / seconds;
}

describe('BitrateCorrection', () => {
  it('brings an encoder that gives too little to what was asked for', () => {
    const correction = new BitrateCorrection(wanted);
    run(correction, 20, (told) => told * 0.84);
    const given = run(correction, 20, (told) => told * 0.84, 20);
    expect(Math.abs(given - wanted) / wanted).toBeLessThan(0.02);
  });

  it('and one that gives too much', () => {
    const correction = new BitrateCorrection(wanted);
    run(correction, 20, (told) => told * 1.1);
    expect(Math.abs(run(correction, 20, (told) => told * 1.1, 20) - wanted) / wanted).toBeLessThan(
      0.02,
    );
  });

  it('asks for no more where the picture needs no more', () => {
    const correction = new BitrateCorrection(wanted);
    run(correction, 20, () => 300_000);
    expect(correction.told).toBe(wanted);
  });

  it('leaves alone what is near, and begins anew with another rate', () => {
    const correction = new BitrateCorrection(wanted);
    run(correction, 20, (told) => told * 0.99);
    expect(correction.told).toBe(wanted);
    run(correction, 20, (told) => told * 0.85, 20);
    expect(correction.told).toBeGreaterThan(wanted);
    correction.want(1_000_000);
    expect(correction.told).toBe(1_000_000);
  });

  it('never strays far from what was asked for, whatever the encoder gives', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 200_000 }), { maxLength: 600 }), (sizes) => {
        const correction = new BitrateCorrection(wanted);
        sizes.forEach((bytes, frame) => {
          correction.note(Math.round((frame * 1e6) / 30), bytes);
          expect(correction.told).toBeGreaterThanOrEqual(wanted / 1.25);
          expect(correction.told).toBeLessThanOrEqual(wanted * 1.25);
        });
      }),
    );
  });
});
