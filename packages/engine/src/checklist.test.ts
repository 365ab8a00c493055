import { destinationPhases } from '@tallylight/contract';
import { expect, test, vi } from 'vitest';
import { Checklist } from './checklist.js';

test('steps fill in one by one, and a failure names its step', () => {
  const onChange = vi.fn();
  const checklist = new Checklist(destinationPhases, onChange);
  checklist.start('dns');
  checklist.done('dns', '127.0.0.1');
  checklist.skip('tls');
  checklist.start('tcp');
  expect(checklist.current).toBe('tcp');
  checklist.fail('tcp');
  const states = Object.fromEntries(checklist.steps.map(({ phase, state }) => [phase, state]));
  expect(states).toMatchObject({
    dns: 'done',
    tcp: 'failed',
    tls: 'skipped',
    handshake: 'pending',
  });
  expect(checklist.steps[0]).toMatchObject({ detail: '127.0.0.1' });
  expect(checklist.steps[0]?.elapsedMs).toBeGreaterThanOrEqual(0);
  expect(onChange).toHaveBeenCalledTimes(5);
});

test('a failure of no known phase is that of the first step which is not finished', () => {
  const checklist = new Checklist(['dns', 'tcp'] as const, () => undefined);
  checklist.start('dns');
  checklist.done('dns');
  checklist.fail(undefined);
  expect(checklist.steps.map(({ state }) => state)).toEqual(['done', 'failed']);
});
