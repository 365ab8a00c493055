import {
  checkPhases,
  describeError,
  type CheckSnapshot,
  type CheckStep,
} from '@tallylight/contract';

const isPublishing = (phase: CheckStep['phase']): boolean =>
  phase === 'publish' || phase === 'upload' || phase === 'stable';

/** A check that comes to its end at once: refused at a server named so, else well. One of "silent" never ends. */
export async function* fakeCheck(place: string, publish: boolean): AsyncGenerator<CheckSnapshot> {
  const phases = checkPhases.filter((phase) => publish || !isPublishing(phase));
  const until = (done: number, state: CheckStep['state']): CheckStep[] =>
    phases.map((phase, index) => ({
      phase,
      state: index < done ? 'done' : index === done ? state : 'pending',
      ...(index < done && { elapsedMs: 12 }),
    }));
  const base: Pick<CheckSnapshot, 'isPublic' | 'warnings'> = { isPublic: false, warnings: [] };
  yield { ...base, state: 'running', isPublic: publish, steps: until(1, 'active') };
  if (place.includes('silent')) await new Promise(() => undefined);
  const where = { host: 'live.example.tv', port: 443 };
  if (place.includes('refused')) {
    const error = describeError('APP_REJECTED', { ...where, app: 'app', reason: 'x' }, 'connect');
    yield { ...base, state: 'failed', steps: until(4, 'failed'), error };
    return;
  }
  yield {
    ...{ ...base, state: 'done', steps: until(phases.length, 'done') },
    warnings: [describeError('CERTIFICATE_ENDS', { host: where.host, days: 6 })],
    certificate: { validTo: Date.UTC(2027, 0, 31) },
    ...(publish && {
      upload: { bitrate: 3_600_000, recommended: 2_500_000, isCapped: false, isRough: false },
    }),
  };
}
