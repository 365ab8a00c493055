import { planOf } from './plan.js';
import { runPlan } from './run-plan.js';
import { SimulatedTime } from './simulated-time.js';

export interface PlansResult {
  /** What did not hold, by the seed with which that can be seen again. */
  readonly failures: readonly {
    readonly seed: number;
    readonly problems: readonly string[];
    /** Of the first ones, what was done. */
    readonly plan?: unknown;
  }[];
  /** In how many of them each transition was seen. */
  readonly seen: ReadonlyMap<string, number>;
  readonly simulatedHours: number;
}

/** Of more than these, the plans would say nothing more. */
const shownPlans = 3;

/** Runs `count` sequences of what people do and what breaks, one for each seed. */
export async function runPlans(firstSeed: number, count: number): Promise<PlansResult> {
  const failures: PlansResult['failures'][number][] = [];
  const seen = new Map<string, number>();
  let simulatedMs = 0;
  for (let seed = firstSeed; seed < firstSeed + count; seed += 1) {
    const plan = planOf(seed);
    const time = SimulatedTime.begin();
    try {
      const result = await runPlan(plan, time);
      const { problems } = result;
      if (problems.length > 0) {
        failures.push({ seed, problems, ...(failures.length < shownPlans && { plan }) });
      }
      for (const each of result.seen) seen.set(each, (seen.get(each) ?? 0) + 1);
      simulatedMs += result.simulatedMs;
    } finally {
      time.end();
    }
  }
  return { failures, seen, simulatedHours: simulatedMs / 3_600_000 };
}

/** What must have been seen, lest everything held only because nothing happened. */
export const mustBeSeen = [
  ...['connecting → live', 'live → reconnecting', 'reconnecting → live'].flatMap((each) => [
    `broadcast: ${each}`,
    `rtmp: ${each}`,
  ]),
  ...['live → failed', 'connecting → failed', 'reconnecting → failed', 'failed → connecting'].map(
    (each) => `rtmp: ${each}`,
  ),
  ...['connecting', 'live', 'reconnecting'].flatMap((each) => [
    `broadcast: ${each} → stopping`,
    `rtmp: ${each} → stopped`,
  ]),
];
