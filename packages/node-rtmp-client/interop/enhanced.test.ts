import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../../test/support/until.js';
import { play, publish, type EncodedPacket } from '../src/index.js';
import { makeEnhancedClip, rebuild, type EnhancedCodec } from './enhanced-clip.js';
import { compare, measure } from './judge.js';
import { tryCase } from './matrix.js';
import { nginxServer } from './nginx-peer.js';
import { nodeMediaServer } from './node-media-server-peer.js';
import { clientOptions, ourPlayer, ourPublisher } from './our-peer.js';
import type { Serving } from './roles.js';
import { openWorkbench, type Workbench } from './workbench.js';

const names = { hevc: 'HEVC', av1: 'AV1', vp9: 'VP9' };

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench();
});
afterAll(() => bench.remove());

/** Publishes all packets, and returns what has come to a player. */
async function across(
  serving: Serving,
  name: string,
  packets: readonly EncodedPacket[],
): Promise<EncodedPacket[]> {
  const options = clientOptions(serving.urlOf(name));
  const came: EncodedPacket[] = [];
  const player = await play(options);
  try {
    const reading = (async () => {
      for await (const item of player) if (item.type === 'packet') came.push(item.packet);
    })();
    await serving.hasPlayer(name);
    const publisher = await publish(options);
    for (const packet of packets) await publisher.write(packet);
    await until(`${packets.length} packets`, () => came.length >= packets.length).catch(
      () => 'less',
    );
    await publisher.close();
    await player.close();
    await reading;
    return came;
  } finally {
    player.abort();
  }
}

const servers = [
  {
    serves: nginxServer('wait_key off;'),
    note: 'with `wait_key off`: it does not know the keyframes of enhanced tags, and waits for one',
  },
  { serves: nodeMediaServer, note: '' },
];

for (const { serves, note } of servers) {
  describe(`enhanced tags through ${serves.name}`, () => {
    let serving: Serving;
    beforeAll(async () => {
      serving = await serves.start(bench.folder);
    });
    afterAll(() => serving.stop());

    for (const codec of ['hevc', 'av1', 'vp9'] satisfies EnhancedCodec[]) {
      const [publishes, plays] = [ourPublisher(), ourPlayer()];
      const media = `${names[codec]}, Opus`;
      it(media, (context) =>
        tryCase(context, { publishes, serves, plays, media, note }, async () => {
          const clip = await makeEnhancedClip(bench.folder, codec);
          const sent = clip.packets.map(({ packet }) => packet);
          const came = await across(serving, codec, sent);
          for (const track of ['video', 'audio'] as const) {
            const linesOf = (packets: readonly EncodedPacket[]): string[] =>
              packets
                .filter((packet) => packet.track === track)
                // Milliseconds are what is told.
                .map(({ type, dts, keyframe }) => `${type} ${Math.round(dts / 1000)} ${keyframe}`);
            expect(linesOf(came)).toEqual(linesOf(sent));
          }
          const rebuilt = join(bench.folder, `${serves.name}-${codec}.mp4`);
          await rebuild(clip, came, rebuilt);
          return compare(await measure(clip.file), await measure(rebuilt));
        }),
      );
    }
  });
}
