import { setTimeout as delay } from 'node:timers/promises';
import type { FaultRig } from '../support/fault-rig/fault-rig.js';
import type { SoakServer } from './soak-server.js';

interface Way {
  readonly rig: FaultRig;
  readonly server: SoakServer;
}

interface SoakFault {
  readonly name: string;
  /** Resolves when the way is good again. */
  readonly happen: (way: Way) => Promise<void>;
}

const ofLink = (name: string, seconds: number, ...faults: [object, object]): SoakFault => ({
  name: `${name}, ${seconds} s`,
  happen: async ({ rig }) => {
    await rig.apply(faults[0]);
    await delay(seconds * 1000);
    await rig.apply(faults[1]);
  },
});

/** One a minute, each of them to one destination. Their number and that of the destinations have no common divisor. */
export const soakFaults: readonly SoakFault[] = [
  ofLink('link cut', 3, { link: 'cut' }, { link: 'up' }),
  { name: 'connection reset', happen: ({ rig }) => rig.reset() },
  ofLink('reset, then refused', 5, { reset: true, link: 'refused' }, { link: 'up' }),
  { name: 'half-open', happen: ({ rig }) => rig.halfOpen() },
  ofLink('300 ms jitter', 20, { latency: 20, jitter: 300 }, { latency: 0, jitter: 0 }),
  ofLink('uplink of 400 kbit/s', 20, { rate: { up: 50_000 } }, { rate: { up: 'unlimited' } }),
  ofLink('nothing goes up', 5, { stall: 'up' }, { stall: 'none' }),
  ofLink('nothing comes down', 5, { stall: 'down' }, { stall: 'none' }),
  ofLink('reset, then slow to accept', 4, { reset: true, acceptDelay: 2_000 }, { acceptDelay: 0 }),
  {
    name: 'server killed, 3 s away',
    happen: async ({ server }) => {
      await server.kill();
      await delay(3_000);
      await server.restart();
    },
  },
  {
    name: 'server stands still, 6 s',
    happen: async ({ server }) => {
      server.standStill();
      await delay(6_000);
      server.goOn();
    },
  },
];
