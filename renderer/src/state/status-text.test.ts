import {
  capturePhases,
  destinationPhases,
  type BroadcastSnapshot,
  type Phase,
} from '@tallylight/contract';
import { describe, expect, it } from 'vitest';
import { windowMessages } from './messages-store.js';
import { statusText } from './status-text.js';

const messages = windowMessages('en');
const idle: BroadcastSnapshot = { state: 'idle', captureSteps: [], outputs: [] };

/** A snapshot in which `phase` is being worked on. */
function during(phase: Phase): BroadcastSnapshot {
  return { ...idle, state: 'connecting', captureSteps: [{ phase, state: 'active' }] };
}

describe('statusText', () => {
  it.each([...capturePhases, ...destinationPhases])(
    'says OFF AIR and never "live" while it works on %s',
    (phase) => {
      const text = statusText('connecting', during(phase), messages);
      expect(text).toBe(`OFF AIR · Connecting: ${messages.t(`phases.${phase}.active`)}…`);
      expect(text).not.toMatch(/live/i);
    },
  );

  it('never says both of what scripts wait for', () => {
    const liveAt = { ...idle, liveAt: 1 };
    expect(statusText('off-air', idle, messages)).toBe('OFF AIR');
    expect(statusText('live', liveAt, messages)).toBe('LIVE');
    expect(statusText('stopping', liveAt, messages)).toBe('LIVE · Stopping…');
    expect(statusText('cancelling', idle, messages)).toBe('OFF AIR · Cancelling…');
  });
});
