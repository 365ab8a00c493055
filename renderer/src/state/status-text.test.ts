import {
  capturePhases,
  describeError,
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
    'says GOING LIVE, and never begins with LIVE, while it works on %s',
    (phase) => {
      const text = statusText('connecting', during(phase), true, messages);
      expect(text).toBe(`GOING LIVE · Connecting: ${messages.t(`phases.${phase}.active`)}…`);
    },
  );

  it('says that an attempt failed, and not that a broadcast ended, until that is no news', () => {
    const failed: BroadcastSnapshot = { ...idle, error: describeError('STREAM_REFUSED') };
    expect(statusText('off-air', failed, true, messages)).toBe('OFF AIR · Could not go on air');
    expect(statusText('off-air', { ...failed, liveAt: 1 }, true, messages)).toMatch(/ended with/);
    expect(statusText('off-air', failed, false, messages)).toBe('OFF AIR');
  });

  it('never says both of what scripts wait for', () => {
    const liveAt = { ...idle, liveAt: 1 };
    expect(statusText('off-air', idle, true, messages)).toBe('OFF AIR');
    expect(statusText('live', liveAt, true, messages)).toBe('LIVE');
    expect(statusText('stopping', liveAt, true, messages)).toBe('LIVE · Stopping…');
    expect(statusText('cancelling', idle, true, messages)).toBe('OFF AIR · Cancelling…');
  });
});
