import type { BroadcastSnapshot, DestinationStatus } from '@tallylight/contract';
import { vi } from 'vitest';
import { Broadcast, type BroadcastOptions } from '../../src/broadcast/broadcast.js';
import { createLogger } from '../../src/logger.js';
import { FakeRtmp } from './fake-rtmp.js';
import { FakeSource } from './fake-source.js';

const encoding = {
  width: 320,
  height: 180,
  fps: 25,
  videoBitrate: 500_000,
  audioBitrate: 128_000,
  keyframeInterval: 1,
};

/** Milliseconds; short, since the tests really wait them out. */
export const timing = {
  acknowledgeMs: 100,
  stableMs: 60,
  writeMs: 2_000,
  pingEveryMs: 50,
  drainMs: 300,
};

/** A destination whose id is its stream key. */
export const target = (key: string) => ({
  id: key,
  name: `Server ${key}`,
  serverUrl: 'rtmp://example.net/app',
  streamKey: key,
});

interface Setup {
  rtmp: FakeRtmp;
  source: FakeSource;
  broadcast: Broadcast;
  state: (predicate: (snapshot: BroadcastSnapshot) => boolean) => Promise<BroadcastSnapshot>;
  destination: (key: string) => DestinationStatus;
}

const running: Broadcast[] = [];

/** A broadcast from a fake source to fake servers, one for each stream key; {@link stopBroadcasts} ends it. */
export function setUpBroadcast(
  keys: string[],
  options: Partial<BroadcastOptions> & { rtmp?: FakeRtmp } = {},
): Setup {
  const { rtmp = new FakeRtmp(), ...rest } = options;
  const source = new FakeSource();
  const broadcast = new Broadcast({
    source,
    encoding,
    destinations: keys.map(target),
    logger: createLogger({ level: 'silent' }),
    version: '1.2.3',
    delivery: { publish: rtmp.publish, timing, reconnectDelay: () => 5 },
    ...rest,
  });
  running.push(broadcast);
  return {
    rtmp,
    source,
    broadcast,
    state: async (predicate) => {
      await vi.waitUntil(() => predicate(broadcast.snapshot), { timeout: 5_000, interval: 2 });
      return broadcast.snapshot;
    },
    destination: (key) => {
      const found = broadcast.snapshot.destinations.find(({ id }) => id === key);
      if (!found) throw new Error(`no destination ${key}`);
      return found;
    },
  };
}

export const isLive = ({ state }: BroadcastSnapshot): boolean => state === 'live';

/** The state of each phase. */
export const steps = (list: { phase: string; state: string }[]): Record<string, string> =>
  Object.fromEntries(list.map(({ phase, state }) => [phase, state]));

/** For `afterEach`: ends what a test has left running. */
export async function stopBroadcasts(): Promise<void> {
  await Promise.all(running.splice(0).map((broadcast) => broadcast.stop()));
}
