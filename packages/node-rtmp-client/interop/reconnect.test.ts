import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { until } from '../../../test/support/until.js';
import {
  FlvDemuxer,
  LiveHub,
  liveHandlers,
  publish,
  RtmpServer,
  type FlvItem,
  type LiveFeed,
} from '../src/index.js';
import { compare, measure } from './judge.js';
import { tryCase } from './matrix.js';
import { nginxServer } from './nginx-peer.js';
import { nodeMediaServer } from './node-media-server-peer.js';
import { clientOptions, ours, ourPlayer } from './our-peer.js';
import type { Serving } from './roles.js';
import { openWorkbench, type Workbench } from './workbench.js';

/** The clip has keyframes at 0, 2 and 4 s: the player is asked to go in the first group, and can in the next. */
const askedAt = 1_000_000;

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench();
});
afterAll(() => bench.remove());

async function* clipItems(): AsyncGenerator<FlvItem> {
  const demuxer = new FlvDemuxer();
  for await (const bytes of createReadStream(bench.clip)) {
    yield* demuxer.push(bytes as Uint8Array);
  }
}

/** A server of ours that players are sent away from. */
async function startOrigin() {
  const hub = new LiveHub();
  const server = new RtmpServer(liveHandlers(hub));
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
  const feed = hub.publish('live', 'moving', () => undefined);
  if (typeof feed === 'string') throw new Error(feed);
  return {
    ...{ server, feed },
    url: `rtmp://127.0.0.1:${port}/live/moving`,
    players: () => hub.list()[0]?.players ?? 0,
    stop: async () => {
      hub.closeAll();
      await server.close();
    },
  };
}

/** Gives the clip to both; calls `onAskedAt` when it is time. */
async function publishToBoth(feed: LiveFeed, url: string, onAskedAt: () => Promise<void>) {
  const publisher = await publish(clientOptions(url));
  let hasAsked = false;
  for await (const item of clipItems()) {
    if (!hasAsked && item.type === 'packet' && item.packet.dts > askedAt) {
      hasAsked = true;
      await onAskedAt();
    }
    feed.push(item);
    await publisher.writeItem(item);
    // So that both are about equally far.
    await delay(1);
  }
  return publisher;
}

describe('a player of ours that is sent on', () => {
  for (const serves of [nginxServer(), nodeMediaServer]) {
    it(`goes to ${serves.name}, and misses nothing`, (context) =>
      tryCase(
        context,
        {
          publishes: { name: ours },
          serves: { ...serves, name: `${ours}, then ${serves.name}` },
          plays: { name: ours },
          note: 'the first server asks the player to reconnect (Enhanced RTMP v2)',
        },
        async () => {
          const origin = await startOrigin();
          const serving = await serves.start(bench.folder);
          try {
            return await played(origin, serving);
          } finally {
            await serving.stop();
            await origin.stop();
          }
        },
      ));
  }
});

async function played(
  origin: Awaited<ReturnType<typeof startOrigin>>,
  serving: Serving,
): Promise<string> {
  const url = serving.urlOf('moving');
  const file = join(bench.folder, `from-${new URL(url).port}.flv`);
  const told: string[] = [];
  const playing = ourPlayer({ onEvent: ({ type }) => told.push(type) }).play(origin.url, file);
  try {
    await until('the player', () => origin.players() === 1);
    const publisher = await publishToBoth(origin.feed, url, async () => {
      const tcUrl = url.slice(0, url.lastIndexOf('/'));
      if (origin.server.requestReconnect({ tcUrl }) !== 1) throw new Error('nobody was asked');
      await serving.hasPlayer('moving');
    });
    if (!told.includes('moved')) throw new Error(`it did not move: ${told.join(', ')}`);
    await until('the first server to be left', () => origin.players() === 0);
    await publisher.close();
    await playing.finish();
    return compare(bench.sent, await measure(file));
  } finally {
    await playing.stop();
  }
}
