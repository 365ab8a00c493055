import { parseRtmpUrl, publish } from 'node-rtmp-client';
import { afterEach, expect, test } from 'vitest';
import { FaultRig } from '../../../test/support/fault-rig/fault-rig.js';
import { until } from '../../../test/support/until.js';
import { createLogger } from '../src/logger.js';
import { BuiltInServer } from '../src/server/built-in-server.js';
import { pacedSource } from './support/fake-source.js';
import { setUpBroadcast, stopBroadcasts } from './support/set-up-broadcast.js';

const any = { host: '127.0.0.1', port: 0 };
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await stopBroadcasts();
  for (const close of closers.splice(0).reverse()) await close();
});

/** Until the server gives up a silent connection by itself. */
const silenceMs = 60_000;

test('our own server lets a publisher in again whose link is gone on both sides, long before it has noticed', async () => {
  const server = new BuiltInServer({
    logger: createLogger({ level: 'silent' }),
    limits: { rtmp: { silenceMs } },
  });
  const { rtmp } = await server.start({ rtmp: any, http: any });
  closers.push(() => server.close());
  const rig = await FaultRig.start({ to: { port: rtmp.port }, seed: 11 });
  closers.push(() => rig.stop());
  const { run, destination, state } = setUpBroadcast([], {
    source: pacedSource(60_000),
    destinations: [
      {
        ...{ id: 'own', name: 'Own server', streamKey: 'one' },
        address: parseRtmpUrl(`rtmp://127.0.0.1:${rig.port}/live`),
      },
    ],
    delivery: { publish, reconnectDelay: () => 250 },
  });
  void run();
  await state(() => destination('own').steps.at(-1)?.state === 'done');
  await rig.apply({ halfOpen: 'both' });
  const lostAt = performance.now();
  await until('the stream to be held', () => destination('own').lastError?.code === 'STREAM_HELD');
  expect(destination('own').state).toBe('reconnecting');
  const { framesSent } = destination('own');
  await state(() => destination('own').state === 'live');
  await state(() => destination('own').framesSent > framesSent + 25);
  expect(performance.now() - lostAt).toBeLessThan(silenceMs / 2);
  expect(destination('own').reconnects).toBe(1);
  expect(server.streams()).toHaveLength(1);
});
