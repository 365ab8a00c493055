import { destinationsOf, type DestinationStatus } from '@tallylight/contract';
import { parseRtmpUrl, RtmpServer } from 'node-rtmp-client';
import { afterEach, expect, test } from 'vitest';
import { FaultRig } from '../../../test/support/fault-rig/fault-rig.js';
import { startSilentServer } from '../../../test/support/fault-servers.js';
import { until } from '../../../test/support/until.js';
import { Broadcast } from '../src/broadcast/broadcast.js';
import { createLogger } from '../src/logger.js';
import { RtmpDestination } from '../src/outputs/rtmp/rtmp-destination.js';
import { pacedSource } from './support/fake-source.js';

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

test('a stop ends in time beside a server that says nothing, one that stopped reading, and one that is away', async () => {
  const silent = await startSilentServer();
  cleanUps.push(() => silent.stop());
  const server = new RtmpServer({
    onPublish: async (ingest) => {
      ingest.accept();
      for await (const item of ingest.items) if (item.type === 'metadata') continue;
    },
  });
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
  cleanUps.push(() => server.close());
  const [stalled, away] = [
    await FaultRig.start({ to: { port } }),
    await FaultRig.start({ to: { port } }),
  ];
  cleanUps.push(
    () => stalled.stop(),
    () => away.stop(),
  );
  const logger = createLogger({ level: 'silent' });
  const destination = (name: string, at: number): RtmpDestination =>
    new RtmpDestination({
      logger,
      target: {
        ...{ id: name, name, streamKey: name },
        address: parseRtmpUrl(`rtmp://127.0.0.1:${at}/live`),
      },
      onBug: (error) => {
        throw error;
      },
    });
  const broadcast = new Broadcast({
    // Much, so that what nobody reads does not fit into the system's buffers.
    source: pacedSource(600_000, { bytesPerFrame: 200_000 }),
    encoding: {
      ...{ width: 320, height: 180, fps: 25, keyframeInterval: 1 },
      ...{ videoBitrate: 500_000, audioBitrate: 128_000 },
    },
    outputs: [destination('stalled', stalled.port), destination('away', away.port)],
    ...{ logger, version: '1.2.3' },
  });
  cleanUps.push(() => broadcast.stop());
  const running = broadcast.run();
  const statusOf = (name: string): DestinationStatus | undefined =>
    destinationsOf(broadcast.snapshot).find(({ id }) => id === name);
  const stateOf = (name: string): string | undefined => statusOf(name)?.state;
  await until('two to be live', () => stateOf('stalled') === 'live' && stateOf('away') === 'live');
  await stalled.stall('both');
  await away.apply({ reset: true, link: 'refused' });
  await until('the loss', () => stateOf('away') === 'reconnecting');
  await until('the queue to be full', () => (statusOf('stalled')?.framesDropped ?? 0) > 0);
  broadcast.add(destination('silent', silent.port));
  const isWaitedFor = (): boolean =>
    statusOf('silent')?.steps.some(
      (step) => step.phase === 'handshake' && step.state === 'active',
    ) ?? false;
  await until('the silent one to be waited for', isWaitedFor);
  const begun = performance.now();
  await broadcast.stop();
  // Within 5 s, which is counted by timers; a server that takes nothing would be given up after ten.
  expect(performance.now() - begun).toBeLessThan(8_000);
  const { outputs } = await running;
  expect(outputs.map(({ state }) => state)).toEqual(['stopped', 'stopped', 'stopped']);
});
