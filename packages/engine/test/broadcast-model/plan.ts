import { SeededRandom } from './seeded-random.js';
import type { ServerMode } from './model-server.js';

/** How many servers there are. */
export const serverCount = 3;

/** What somebody does, or what breaks, `afterMs` milliseconds after what was before it. */
export type PlanStep = { readonly afterMs: number } & (
  | { readonly type: 'add' | 'remove' | 'finish' | 'retry'; readonly server: number }
  | { readonly type: 'cap'; readonly bitrate: number }
  | { readonly type: 'record' | 'stop-recording' | 'network-up' }
  | { readonly type: 'mode'; readonly server: number; readonly mode: ServerMode }
  | { readonly type: 'latency'; readonly server: number; readonly ms: number }
  | { readonly type: 'pings'; readonly server: number; readonly answered: boolean }
  | { readonly type: 'reset' | 'close' | 'stall' | 'flow'; readonly server: number }
  | { readonly type: 'half-open'; readonly server: number; readonly heldMs: number }
  | { readonly type: 'move'; readonly server: number; readonly ms: number }
  | { readonly type: 'restart-encoder' }
  | { readonly type: 'source-stalls'; readonly forMs: number }
  | { readonly type: 'source-ends' | 'source-fails' }
  | { readonly type: 'source-is-deaf' }
);

export interface Plan {
  readonly seed: number;
  /** Those that the broadcast begins with. */
  readonly servers: readonly number[];
  readonly hasRecorder: boolean;
  /** Pictures from keyframe to keyframe: of a long group, nothing is held. */
  readonly framesInGroup: number;
  /** Whether the encoder can be told anything. */
  readonly obeys: boolean;
  readonly modes: readonly ServerMode[];
  readonly steps: readonly PlanStep[];
  /** Whether all that is broken is mended before the end, so that what can come back must be back. */
  readonly isMended: boolean;
  /** How long the stop waits for the source to end by itself. Milliseconds. */
  readonly flushMs: number;
}

const kinds = {
  ...{
    add: 4,
    remove: 2,
    finish: 2,
    retry: 5,
    cap: 2,
    record: 2,
    'stop-recording': 1,
    'network-up': 3,
  },
  ...{ mode: 14, latency: 2, pings: 3, reset: 8, close: 6, stall: 5, flow: 5 },
  ...{ 'half-open': 4, move: 4, 'restart-encoder': 4, 'source-stalls': 2 },
  ...{ 'source-ends': 0.6, 'source-fails': 0.6, 'source-is-deaf': 0.3 },
};

const modes: Record<ServerMode, number> = {
  ...{ up: 14, 'refuses-connection': 4, 'black-hole': 3, 'closes-handshake': 2, busy: 2 },
  ...{ 'denies-key': 1, 'denies-app': 0.5, 'bad-certificate': 0.5, 'closes-soon': 2 },
};

/** The same for the same seed. */
export function planOf(seed: number): Plan {
  const random = new SeededRandom(seed);
  const servers = [0, 1, 2].filter(() => random.chance(0.6));
  return {
    seed,
    servers: servers.length === 0 ? [0] : servers,
    hasRecorder: random.chance(0.6),
    framesInGroup: random.chance(0.7) ? 8 : 28,
    obeys: random.chance(0.7),
    modes: [0, 1, 2].map(() => (random.chance(0.8) ? 'up' : random.weighted(modes))),
    steps: Array.from({ length: random.between(3, 14) }, () => stepOf(random)),
    isMended: random.chance(0.15),
    flushMs: random.chance(0.2) ? 3_000 : 0,
  };
}

function stepOf(random: SeededRandom): PlanStep {
  // Most things come one after the other; some come at once, and some late.
  const afterMs = random.chance(0.2) ? 0 : random.between(1, random.chance(0.15) ? 10_000 : 2_500);
  const server = random.between(0, serverCount);
  const type = random.weighted(kinds);
  switch (type) {
    case 'add':
    case 'remove':
    case 'finish':
    case 'retry':
    case 'reset':
    case 'close':
    case 'stall':
    case 'flow':
      return { afterMs, type, server };
    case 'cap':
      return { afterMs, type, bitrate: random.between(100_000, 2_000_000) };
    case 'mode':
      return { afterMs, type, server, mode: random.weighted(modes) };
    case 'latency':
      return { afterMs, type, server, ms: random.between(0, 4_000) };
    case 'pings':
      return { afterMs, type, server, answered: random.chance(0.6) };
    case 'half-open':
      return { afterMs, type, server, heldMs: random.between(0, 90_000) };
    case 'move':
      return { afterMs, type, server, ms: random.between(0, 3_000) };
    case 'source-stalls':
      return { afterMs, type, forMs: random.between(100, 8_000) };
    case 'record':
    case 'stop-recording':
    case 'restart-encoder':
    case 'network-up':
    case 'source-ends':
    case 'source-fails':
    case 'source-is-deaf':
      return { afterMs, type };
  }
}
