import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { startNginxRtmp } from '../../../test/support/nginx.js';
import { compare, measure } from './judge.js';
import { tryCase } from './matrix.js';
import { startNodeMediaServer, type NodeMediaServer } from './node-media-server-peer.js';
import { ourPlayer, ourPublisher, ourServer, type OurServing } from './our-peer.js';
import type { Playing } from './roles.js';
import { openWorkbench, type Workbench } from './workbench.js';

const nginx = 'nginx with the RTMP module';
const publisher = ourPublisher();
const serves = ourServer();

let bench: Workbench;
let serving: OurServing;
beforeAll(async () => {
  bench = await openWorkbench();
  serving = await serves.start();
});
afterAll(async () => {
  await serving.stop();
  await bench.remove();
});

/** Plays into a file while `during` runs, and compares the file with the clip. */
async function played(url: string, name: string, during: (playing: Playing) => Promise<void>) {
  const file = join(bench.folder, `${name}.flv`);
  const playing = ourPlayer().play(url, file);
  try {
    await during(playing);
    await playing.finish();
    return compare(bench.sent, await measure(file));
  } finally {
    await playing.stop();
  }
}

describe('nginx-rtmp as our client', () => {
  const applicationOf = (url: string): string => url.slice(0, url.lastIndexOf('/'));

  it('pushes to us what is published to it', (context) =>
    tryCase(
      context,
      { publishes: { name: 'nginx-rtmp push', program: nginx }, serves, plays: ourPlayer() },
      async () => {
        const url = serving.urlOf('pushed');
        const server = await startNginxRtmp({
          directives: `application out { live on; push ${applicationOf(url)}; push_reconnect 1s; }`,
        });
        try {
          return await played(url, 'nginx-push', async () => {
            await serving.hasPlayer('pushed');
            const there = `rtmp://127.0.0.1:${server.rtmpPort}/out/pushed`;
            await publisher.publish(there, bench.clip, () => serving.hasItems('pushed'));
          });
        } finally {
          await server.stop();
        }
      },
    ));

  it('pulls from us what somebody plays from it', (context) =>
    tryCase(
      context,
      { publishes: publisher, serves, plays: { name: 'nginx-rtmp pull', program: nginx } },
      async () => {
        const url = serving.urlOf('pulled');
        const server = await startNginxRtmp({
          directives: `out_queue 16384; application in { live on; pull ${applicationOf(url)}; }`,
        });
        try {
          const there = `rtmp://127.0.0.1:${server.rtmpPort}/in/pulled`;
          return await played(there, 'nginx-pull', async () => {
            await serving.hasPlayer('pulled');
            await publisher.publish(url, bench.clip);
          });
        } finally {
          await server.stop();
        }
      },
    ));
});

describe('node-media-server as our client', () => {
  let server: NodeMediaServer;
  beforeAll(async () => {
    server = await startNodeMediaServer(bench.folder);
  });
  afterAll(() => server.stop());

  it('pushes to us what is published to it', (context) =>
    tryCase(
      context,
      {
        publishes: { name: 'node-media-server push' },
        serves,
        plays: ourPlayer(),
        note: 'it sends media on message stream 0',
      },
      () =>
        played(serving.urlOf('nms-pushed'), 'nms-push', async () => {
          await serving.hasPlayer('nms-pushed');
          // A stream that somebody waits for is one that it lets be pushed before it is published.
          const waiting = ourPlayer().play(server.urlOf('out'), join(bench.folder, 'waiting.flv'));
          try {
            await server.hasPlayer('out');
            await server.relay('push', serving.urlOf('nms-pushed'), 'out');
            await serving.hasPublisher('nms-pushed');
            await publisher.publish(server.urlOf('out'), bench.clip);
          } finally {
            await waiting.stop();
          }
        }),
    ));

  it('pulls from us', (context) =>
    tryCase(
      context,
      { publishes: publisher, serves, plays: { name: 'node-media-server pull' } },
      () =>
        played(server.urlOf('in'), 'nms-pull', async () => {
          await server.hasPlayer('in');
          await server.relay('pull', serving.urlOf('nms-pulled'), 'in');
          await serving.hasPlayer('nms-pulled');
          await publisher.publish(serving.urlOf('nms-pulled'), bench.clip);
        }),
    ));
});
