import type { Phase, Step } from '@tallylight/contract';

const phaseDetails: Partial<Record<Phase, string>> = { camera: '30 fps', connect: 'live' };
const phaseMs: Record<Phase, number> = {
  camera: 240,
  encoder: 3,
  dns: 12,
  tcp: 24,
  tls: 31,
  handshake: 25,
  connect: 18,
  publish: 41,
  acknowledged: 120,
  stable: 5000,
};

export const stepOf = (phase: Phase, state: Step['state']): Step => ({
  phase,
  state,
  ...(state === 'done' && { elapsedMs: phaseMs[phase] }),
  ...(state === 'done' && phaseDetails[phase] && { detail: phaseDetails[phase] }),
});

/** The steps when `active` is being worked on; all done without it. */
export function stepsAt(
  phases: readonly Phase[],
  active: Phase | undefined,
  failed = false,
): Step[] {
  const at = active ? phases.indexOf(active) : phases.length;
  return phases.map((phase, index) => {
    if (index < at) return stepOf(phase, 'done');
    if (index > at) return stepOf(phase, 'pending');
    return stepOf(phase, failed ? 'failed' : 'active');
  });
}
