import { afterEach, expect, test, vi } from 'vitest';
import { FakeRtmp, rtmpError } from '../../../test/support/fake-rtmp.js';
import { media } from '../../../test/support/fake-source.js';
import {
  isLive,
  setUpBroadcast,
  stopBroadcasts,
  target,
  timing,
} from '../../../test/support/set-up-broadcast.js';

afterEach(stopBroadcasts);

/** One that is refused for its key beside one that is live; looked up again, its key is `renewed`. */
async function refusedBeside(renewTarget: () => Promise<ReturnType<typeof target>>) {
  const rtmp = new FakeRtmp();
  const setup = setUpBroadcast(['bad', 'good'], {
    rtmp,
    delivery: { publish: rtmp.publish, timing, reconnectDelay: () => 5, renewTarget },
  });
  rtmp.onConnect('bad', () => {
    throw rtmpError('publish-rejected', 'publish', 'unknown', { serverCode: 'Denied' });
  });
  setup.source.push(...media(0, 400));
  const summary = setup.run();
  const { broadcast, destination } = setup;
  await setup.state(() => isLive(broadcast.snapshot) && destination('bad').state === 'failed');
  return { ...setup, summary };
}

test('who asks to try again gets what is saved by then, and the others do not notice', async () => {
  const renewed = { ...target('renewed'), id: 'bad', name: 'Mended' };
  const { broadcast, rtmp, source, state, destination, summary } = await refusedBeside(() =>
    Promise.resolve(renewed),
  );
  broadcast.retry('bad');
  await vi.waitUntil(() => rtmp.of('renewed').length === 1);
  source.push(...media(1_000, 1_400));
  await state(() => destination('bad').state === 'live');
  expect(destination('bad')).toMatchObject({ id: 'bad', name: 'Mended' });
  expect(rtmp.of('good')).toHaveLength(1);
  source.end();
  expect((await summary).destinations).toMatchObject([
    { name: 'Mended', state: 'stopped' },
    { framesSent: 20, reconnects: 0 },
  ]);
});

test('where it is cannot be looked up: it is tried where it was', async () => {
  const { broadcast, rtmp, source, state, destination, summary } = await refusedBeside(() =>
    Promise.reject(new Error('it was deleted')),
  );
  rtmp.onConnect('bad', () => undefined);
  broadcast.retry('bad');
  await vi.waitUntil(() => rtmp.of('bad').length === 1);
  source.push(...media(1_000, 1_400));
  await state(() => destination('bad').state === 'live');
  source.end();
  await summary;
  // It begins with the configurations, then what was held since.
  const [connection] = rtmp.of('bad');
  expect(connection?.received.slice(0, 2).map(({ type }) => type)).toEqual(['config', 'config']);
  expect(connection?.pictures[0]).toBe('K0');
  expect(destination('bad').state).toBe('stopped');
});
