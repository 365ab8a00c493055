import { expect, test } from 'vitest';
import { RefusalLimit } from './refusal-limit.js';

test('one who tries again and again is told once a minute, and how often it was meanwhile', () => {
  let now = 0;
  const limit = new RefusalLimit(() => now);
  expect(limit.see('192.0.2.1', 'live', 'wrong')).toEqual({ isTold: true, untold: 0 });
  for (let again = 0; again < 7; again += 1) {
    now += 5_000;
    expect(limit.see('192.0.2.1', 'live', 'wrong')).toEqual({ isTold: false, untold: 0 });
  }
  expect(limit.see('192.0.2.1', 'live', 'missing')).toEqual({ isTold: true, untold: 0 });
  now = 60_000;
  expect(limit.see('192.0.2.1', 'live', 'wrong')).toEqual({ isTold: true, untold: 7 });
  now = 120_000;
  expect(limit.see('192.0.2.1', 'live', 'wrong')).toEqual({ isTold: true, untold: 0 });
});

test('many at once do not flood the terminal', () => {
  const limit = new RefusalLimit(() => 0);
  const told = Array.from({ length: 1000 }, (_, host) =>
    limit.see(`192.0.2.${host}`, 'live', 'wrong'),
  );
  expect(told.filter(({ isTold }) => isTold)).toHaveLength(10);
});
