import { afterAll, beforeAll, describe, it } from 'vitest';
import { ffmpegPlayer, ffmpegPublisher } from './ffmpeg-peer.js';
import { gstreamerPlayer, gstreamerPublisher } from './gstreamer-peer.js';
import { compare, measure } from './judge.js';
import { librtmpPublisher, rtmpdumpPlayer } from './librtmp-peer.js';
import { tryCase } from './matrix.js';
import { nginxServer } from './nginx-peer.js';
import { nodeMediaServer } from './node-media-server-peer.js';
import { ours, ourPlayer, ourPublisher, ourServer } from './our-peer.js';
import { relayed } from './relayed.js';
import type { Serving } from './roles.js';
import { openWorkbench, type Workbench } from './workbench.js';

const publishers = [ourPublisher(), ffmpegPublisher, gstreamerPublisher, librtmpPublisher];
const players = [ourPlayer(), ffmpegPlayer, gstreamerPlayer, rtmpdumpPlayer];

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench();
});
afterAll(() => bench.remove());

const own = ourServer();
for (const serves of [own, nginxServer(), nodeMediaServer]) {
  describe(`through ${serves.name}`, () => {
    let serving: Serving;
    beforeAll(async () => {
      serving = await serves.start(bench.folder);
    });
    afterAll(() => serving.stop());

    // Ours among themselves are for other tests; strangers among themselves are the strangers' business.
    const cases = publishers
      .flatMap((publishes) => players.map((plays) => ({ publishes, plays })))
      .filter(({ publishes, plays }) => {
        const names = [serves.name, publishes.name, plays.name];
        return names.includes(ours) && names.some((name) => name !== ours);
      });

    for (const { publishes, plays } of cases) {
      it(`${publishes.name} publishes, ${plays.name} plays`, (context) =>
        tryCase(context, { publishes, serves, plays }, () =>
          relayed(bench, { publishes, serving, plays }),
        ));
    }

    const publishes = ourPublisher();
    const plays = { name: `${serves.name}'s recording` };
    it.runIf(serves !== own)(`${publishes.name} publishes, the server records`, (context) =>
      tryCase(context, { publishes, serves, plays }, async () => {
        await publishes.publish(serving.urlOf('recorded'), bench.clip);
        const file = await serving.recordingOf?.('recorded');
        return compare(bench.sent, await measure(file ?? 'no recording'));
      }),
    );
  });
}
