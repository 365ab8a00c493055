import { appendFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { mustBeSeen, runPlans } from './broadcast-model/run-plans.js';

const count = 10_000;
const firstSeed = Number(process.env['TALLYLIGHT_MODEL_SEED'] ?? Date.now() % 1_000_000_000);

test('ten thousand sequences of what people do and what breaks hold what one must', async () => {
  const { failures, seen, simulatedHours } = await runPlans(firstSeed, count);
  const figures = JSON.stringify({
    ...{ firstSeed, count, failures: failures.length },
    ...{ simulatedHours: Math.round(simulatedHours), seen: Object.fromEntries(seen) },
  });
  console.info(figures);
  const file = process.env['TALLYLIGHT_FIGURES'];
  if (file !== undefined) await appendFile(file, `${figures}\n`);
  expect(failures).toEqual([]);
  expect(mustBeSeen.filter((each) => !seen.has(each))).toEqual([]);
}, 1_800_000);
