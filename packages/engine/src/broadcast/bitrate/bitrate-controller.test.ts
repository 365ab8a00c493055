import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mobileUplinks } from '../../../test/support/mobile-uplinks.js';
import { simulate, type Moment, type Simulation } from '../../../test/support/simulated-line.js';
import { BitrateController, bitrateFloor } from './bitrate-controller.js';

const audioBitrate = 128_000;
const wide = 50_000_000;
/** Always the same cases; more, and others, where that is asked for. */
const byChance = {
  numRuns: Number(process.env['TALLYLIGHT_BITRATE_RUNS'] ?? 10),
  seed: Number(process.env['TALLYLIGHT_BITRATE_SEED'] ?? 11),
};
const lags = { 'in-place': 100, restart: 1_500 } as const;

const controllerOf = (
  cap: number,
  changes: 'in-place' | 'restart' = 'in-place',
): BitrateController =>
  new BitrateController({ policy: 'drop-slowest', cap, audioBitrate, changes });

/** Numbers from 0 to 1, always the same. */
function numbers(): () => number {
  let seed = 1;
  return () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
}

interface Uplink {
  readonly cap: number;
  readonly rate: (atMs: number) => number;
  readonly seconds: number;
  readonly changes?: 'in-place' | 'restart';
  readonly controller?: BitrateController;
  readonly onStep?: (atMs: number, controller: BitrateController) => void;
}

const through = ({
  cap,
  rate,
  seconds,
  changes = 'in-place',
  controller = controllerOf(cap, changes),
  onStep,
}: Uplink): Simulation =>
  simulate({
    ...{ lines: [{ rate }], controller, audioBitrate },
    ...{ durationMs: 1_000 * seconds, encoderLagMs: lags[changes], random: numbers() },
    ...(onStep && { onStep }),
  });

/** What a controller that never lowers anything comes to. */
const fixed = (cap: number): BitrateController =>
  Object.assign(controllerOf(cap), { step: () => cap });

const first = ({ moments }: Simulation, fromMs: number, isIt: (moment: Moment) => boolean) =>
  (moments.find((each) => each.atMs >= fromMs && isIt(each))?.atMs ?? NaN) - fromMs;

const lost = ({ lines: [line] }: Simulation): number =>
  (line?.framesDropped ?? NaN) / ((line?.framesDropped ?? 0) + (line?.framesSent ?? 0));

const between = ({ moments }: Simulation, fromMs: number, toMs: number): Moment[] =>
  moments.filter(({ atMs }) => atMs >= fromMs && atMs < toMs);

const changesOf = (moments: readonly Moment[]): number =>
  moments.filter(({ asked }, index) => index > 0 && asked !== moments[index - 1]?.asked).length;

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describe('the bitrate of the picture', () => {
  test.each(['in-place', 'restart'] as const)(
    'follows an uplink that is cut for 20 s, and is back soon after (%s)',
    (changes) => {
      const cap = 800_000;
      const room = 0.4 * (cap + audioBitrate);
      const rate = (atMs: number): number => (atMs >= 20_000 && atMs < 40_000 ? room : wide);
      const run = through({ cap, rate, seconds: 60, changes });
      const fits = ({ asked }: Moment): boolean => asked + audioBitrate <= room;
      const followedMs = first(run, 20_000, fits);
      expect(followedMs).toBeLessThan(3_000);
      // Once nothing waits any more, what was measured is used, and no more than that before more is tried.
      const slow = between(run, 20_000 + followedMs, 40_000);
      const lowest = Math.min(...slow.map(({ asked }) => asked));
      const drained = slow.slice(slow.findIndex(({ asked }) => asked === lowest));
      expect(drained.find(({ asked }) => asked > lowest) ?? slow[0]).toSatisfy(fits);
      expect(first(run, 40_000, ({ asked }) => asked >= 0.9 * cap)).toBeLessThan(15_000);
      expect(lost(run)).toBe(0);
      // Before and long after nothing is lowered.
      expect(changesOf(between(run, 0, 20_000))).toBe(0);
      expect(run.moments.at(-1)?.asked).toBe(cap);
    },
  );

  test('is lowered for a buffer of which nothing tells, before anything waits here', () => {
    const rate = (atMs: number): number => (atMs >= 5_000 ? 1_000_000 : wide);
    const run = simulate({
      lines: [{ rate, bufferBytes: 4 * 1024 * 1024 }],
      ...{ controller: controllerOf(2_500_000), audioBitrate, durationMs: 30_000 },
    });
    expect(first(run, 5_000, ({ asked }) => asked < 1_000_000)).toBeLessThan(3_000);
    // Without it 10 s of picture would wait by then.
    const waits = between(run, 20_000, 30_000).map(({ waitsMs }) => waitsMs[0] ?? NaN);
    expect(Math.max(...waits)).toBeLessThan(1_000);
  });

  test('is not lowered for a way that becomes longer, nor for one that sways', () => {
    const controller = controllerOf(2_500_000);
    const random = numbers();
    for (let at = 0; at < 60_000; at += 250) {
      const delayMs = at < 10_000 ? 0 : 150 * random();
      const pressure = {
        queuedMs: 0,
        queuedBytes: 0,
        delivery: { delayMs, bitrate: 2_600_000, isOfQueue: false },
      };
      expect(controller.step(at, [{ id: 'a', pressure }])).toBe(2_500_000);
    }
  });

  describe('on a computer that is late with everything', () => {
    /** What is asked for in the end, where answers come later and later until they are three seconds late. */
    const after = (lateMs: number, queuedMs = 0): number => {
      const controller = controllerOf(2_500_000);
      for (let at = 0; at < 20_000; at += 250) {
        const waits = Math.max(0, at - 10_000) / 3;
        const delivery = { delayMs: waits, bitrate: 1_000_000, isOfQueue: true };
        const pressure = { queuedMs: queuedMs * waits, queuedBytes: 0, delivery };
        controller.step(at, [{ id: 'a', pressure }], Math.min(lateMs, waits / 2));
      }
      return controller.asked;
    };

    test('is not lowered for answers that come late, as all else does', () => {
      expect(after(1_500)).toBe(2_500_000);
    });

    test('is lowered all the same for what is more than that, or waits here', () => {
      expect(after(20)).toBeLessThan(1_000_000);
      expect(after(300)).toBeLessThan(1_000_000);
      expect(after(1_500, 1)).toBeLessThan(1_000_000);
    });
  });

  test('rests where the network stays slow: it neither sways far nor changes often', () => {
    const cap = 2_500_000;
    const room = 1_500_000;
    const run = through({ cap, rate: () => room, seconds: 180 });
    const later = between(run, 20_000, 180_000);
    expect(Math.max(...later.map(({ waitsMs }) => waitsMs[0] ?? NaN))).toBeLessThan(1_500);
    const share = mean(later.map(({ asked }) => asked + audioBitrate)) / room;
    expect(share).toBeGreaterThan(0.8);
    expect(share).toBeLessThan(1.05);
    expect(changesOf(later) / (160 / 60)).toBeLessThan(35);
    expect(lost(run)).toBe(0);
  });

  test.each([
    ['att', 1_200_000],
    ['tmobile', 1_500_000],
    ['verizon', 6_000_000],
  ] as const)('loses less over a recorded mobile uplink of %s than a fixed one', (name, cap) => {
    const kilobits = mobileUplinks[name];
    const rate = (atMs: number): number => 1_000 * (kilobits[Math.floor(atMs / 500)] ?? 0);
    const run = through({ cap, rate, seconds: 120 });
    const other = through({ cap, rate, seconds: 120, controller: fixed(cap) });
    expect(lost(other)).toBeGreaterThan(0.1);
    expect(lost(run)).toBeLessThan(lost(other) / 3);
    const share = mean(run.moments.map(({ asked }) => asked)) / (1_000 * mean(kilobits));
    expect(share).toBeGreaterThan(0.5);
  });

  test('obeys a limit that the user moves down at once, and grows to one that is moved up', () => {
    const controller = controllerOf(2_500_000);
    const onStep = (atMs: number): void => {
      if (atMs === 5_000) controller.setCap(700_000);
      if (atMs === 10_000) controller.setCap(2_000_000);
    };
    const blamed: string[] = [];
    const run = through({
      ...{ cap: 2_500_000, rate: () => wide, seconds: 25, controller },
      onStep: (atMs) => {
        onStep(atMs);
        blamed.push(...controller.loweredFor);
      },
    });
    // Nobody's network is slow while it rises.
    expect(blamed).toEqual([]);
    expect(first(run, 5_000, ({ asked }) => asked === 700_000)).toBe(0);
    const steps = new Set(between(run, 10_000, 20_000).map(({ asked }) => asked));
    expect(steps.size).toBeGreaterThan(2);
    expect(first(run, 10_000, ({ asked }) => asked === 2_000_000)).toBeLessThan(8_000);
  });

  test('is asked for as little as the user wants before the network is looked at again', () => {
    const controller = controllerOf(2_500_000);
    const pressure = { queuedMs: 0, queuedBytes: 0 };
    controller.step(0, [{ id: 'a', pressure }]);
    controller.setCap(700_000);
    expect(controller.asked).toBe(700_000);
  });

  test('is as it was asked for while nobody is there to say anything', () => {
    const controller = controllerOf(2_500_000);
    expect(controller.step(0, [])).toBe(2_500_000);
    controller.setCap(1_000_000);
    expect(controller.step(250, [])).toBe(1_000_000);
    controller.setCap(2_000_000);
    expect(controller.step(500, [])).toBe(2_000_000);
  });

  test('is never above the limit nor under the floor, whatever network and user do', () => {
    const uplink = fc.array(fc.integer({ min: 0, max: 4_000_000 }), {
      minLength: 8,
      maxLength: 8,
    });
    const limits = fc.array(fc.integer({ min: 50_000, max: 4_000_000 }), {
      minLength: 8,
      maxLength: 8,
    });
    const changes = fc.constantFrom('in-place' as const, 'restart' as const);
    const property = fc.property(uplink, limits, changes, (rates, caps, how) => {
      const controller = controllerOf(caps[0] ?? NaN, how);
      const run = through({
        ...{ cap: caps[0] ?? NaN, seconds: 40, changes: how, controller },
        rate: (atMs) => rates[Math.floor(atMs / 5_000)] ?? 0,
        onStep: (atMs) => {
          if (atMs % 5_000 === 0) controller.setCap(caps[atMs / 5_000] ?? NaN);
        },
      });
      for (const { asked, cap } of run.moments) {
        expect(asked).toBeLessThanOrEqual(cap);
        // A limit that was moved up has another floor, to which it grows.
        expect(asked).toBeGreaterThanOrEqual(Math.min(...caps.map(bitrateFloor)));
      }
    });
    fc.assert(property, byChance);
  });

  test.each([
    { what: 'comes to fit any uplink that has room', from: 1.5, to: 6, most: 1.1, waitsMs: 3_000 },
    // A step is a share of the limit, and large beside what there is.
    { what: 'sways where there is hardly room', from: 1.2, to: 1.5, most: 1.35, waitsMs: 6_000 },
  ])('$what: $from to $to times the least', ({ from, to, most, waitsMs: longest }) => {
    const property = fc.property(
      fc.double({ min: from, max: to, noNaN: true }),
      fc.integer({ min: 600_000, max: 4_000_000 }),
      (times, cap) => {
        const room = times * (bitrateFloor(cap) + audioBitrate);
        const run = through({ cap, rate: () => room, seconds: 60 });
        const later = between(run, 30_000, 60_000);
        const share = mean(later.map(({ asked }) => asked + audioBitrate));
        expect(share / Math.min(cap + audioBitrate, room)).toBeGreaterThan(0.65);
        expect(share / room).toBeLessThan(most);
        expect(Math.max(...later.map(({ waitsMs }) => waitsMs[0] ?? NaN))).toBeLessThan(longest);
        expect(changesOf(later)).toBeLessThan(40);
      },
    );
    fc.assert(property, byChance);
  });
});

describe('several destinations', () => {
  const both = (policy: 'protect-all' | 'protect-first' | 'drop-slowest', rooms: number[]) =>
    simulate({
      lines: rooms.map((room) => ({ rate: () => room })),
      controller: new BitrateController({
        ...{ policy, cap: 2_500_000, audioBitrate, changes: 'in-place' },
      }),
      ...{ audioBitrate, durationMs: 60_000, random: numbers() },
    });
  const later = (run: Simulation): number =>
    mean(between(run, 20_000, 60_000).map(({ asked }) => asked));

  test('are all protected where the slowest is nearly as fast as the others', () => {
    const run = both('drop-slowest', [wide, 1_800_000]);
    expect(later(run)).toBeLessThan(1_800_000);
    expect(run.lines.map(({ framesDropped }) => framesDropped)).toEqual([0, 0]);
  });

  test('are not dragged down by one that is far slower, which alone loses frames', () => {
    const run = both('drop-slowest', [wide, 600_000]);
    expect(later(run)).toBeGreaterThan(2_300_000);
    expect(run.lines[0]?.framesDropped).toBe(0);
    expect(run.lines[1]?.framesDropped).toBeGreaterThan(100);
  });

  test('all lose nothing where all are protected, however slow one is', () => {
    const run = both('protect-all', [wide, 600_000]);
    expect(later(run)).toBeLessThan(600_000);
    expect(run.lines[1]?.framesDropped).toBeLessThan(60);
  });

  test('count for nothing behind the first where that is protected', () => {
    const run = both('protect-first', [1_800_000, 1_000_000]);
    expect(later(run)).toBeGreaterThan(1_200_000);
    expect(run.lines[0]?.framesDropped).toBe(0);
    expect(run.lines[1]?.framesDropped).toBeGreaterThan(100);
  });
});
