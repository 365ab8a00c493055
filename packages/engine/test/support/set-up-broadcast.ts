import {
  destinationsOf,
  type BroadcastSnapshot,
  type DestinationStatus,
} from '@tallylight/contract';
import { parseRtmpUrl } from 'node-rtmp-client';
import { vi } from 'vitest';
import { Broadcast, type BroadcastOptions } from '../../src/broadcast/broadcast.js';
import { summarize, type BroadcastSummary } from '../../src/broadcast-summary.js';
import { createLogger } from '../../src/logger.js';
import { Recorder } from '../../src/outputs/recording/recorder.js';
import {
  RtmpDestination,
  type DestinationTarget,
  type RtmpDestinationOptions,
} from '../../src/outputs/rtmp/rtmp-destination.js';
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
  silentMs: 400,
  drainMs: 300,
};

/** A destination whose id is its stream key. */
export const target = (key: string): DestinationTarget => ({
  id: key,
  name: `Server ${key}`,
  address: parseRtmpUrl('rtmp://example.net/app'),
  streamKey: key,
});

type Delivery = Omit<RtmpDestinationOptions, 'target' | 'logger'>;

interface SetupOptions extends Partial<BroadcastOptions> {
  readonly rtmp?: FakeRtmp;
  readonly destinations?: readonly DestinationTarget[];
  readonly recordTo?: string;
  readonly delivery?: Delivery;
}

interface Setup {
  rtmp: FakeRtmp;
  source: FakeSource;
  broadcast: Broadcast;
  /** Runs it to its end. */
  run: () => Promise<BroadcastSummary>;
  /** Another destination, for a broadcast that runs. */
  newDestination: (target: DestinationTarget) => RtmpDestination;
  state: (predicate: (snapshot: BroadcastSnapshot) => boolean) => Promise<BroadcastSnapshot>;
  destination: (key: string) => DestinationStatus;
}

const running: Broadcast[] = [];

/** A broadcast from a fake source to fake servers, one for each stream key; {@link stopBroadcasts} ends it. */
export function setUpBroadcast(keys: string[], options: SetupOptions = {}): Setup {
  const { rtmp = new FakeRtmp(), destinations = keys.map(target), recordTo, ...rest } = options;
  const source = new FakeSource();
  const logger = createLogger({ level: 'silent' });
  const delivery: Delivery = {
    ...{ publish: rtmp.publish, timing, reconnectDelay: () => 5 },
    ...options.delivery,
    // What cannot happen fails the test that made it happen.
    onBug: (error) => {
      throw error;
    },
  };
  const newDestination = (to: DestinationTarget): RtmpDestination =>
    new RtmpDestination({ target: to, logger, ...delivery });
  const broadcast = new Broadcast({
    source,
    encoding,
    outputs: [
      ...destinations.map(newDestination),
      ...(recordTo === undefined ? [] : [new Recorder({ id: recordTo, path: recordTo })]),
    ],
    logger,
    version: '1.2.3',
    ...rest,
  });
  running.push(broadcast);
  return {
    rtmp,
    source,
    broadcast,
    run: async () => summarize(await broadcast.run()),
    newDestination,
    state: async (predicate) => {
      await vi.waitUntil(() => predicate(broadcast.snapshot), { interval: 2 });
      return broadcast.snapshot;
    },
    destination: (key) => {
      const found = destinationsOf(broadcast.snapshot).find(({ id }) => id === key);
      if (!found) throw new Error(`no destination ${key}`);
      return found;
    },
  };
}

/** Whether every destination that is live has been so for long enough. */
export const isStable = (snapshot: BroadcastSnapshot): boolean =>
  isLive(snapshot) &&
  destinationsOf(snapshot).every(
    ({ state, steps: list }) => state !== 'live' || list.at(-1)?.state === 'done',
  );

export const isLive = ({ state }: BroadcastSnapshot): boolean => state === 'live';

/** The state of each phase. */
export const steps = (list: { phase: string; state: string }[]): Record<string, string> =>
  Object.fromEntries(list.map(({ phase, state }) => [phase, state]));

/** For `afterEach`: ends what a test has left running. */
export async function stopBroadcasts(): Promise<void> {
  await Promise.all(running.splice(0).map((broadcast) => broadcast.stop()));
}
