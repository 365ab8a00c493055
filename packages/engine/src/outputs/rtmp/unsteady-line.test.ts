import { afterEach, expect, test, vi } from 'vitest';
import { media } from '../../../test/support/fake-source.js';
import {
  isStable,
  setUpBroadcast,
  stopBroadcasts,
  timing,
} from '../../../test/support/set-up-broadcast.js';
import { maxRefusals } from './reconnect-limits.js';

afterEach(stopBroadcasts);

test('a line that breaks again and again before the stable seconds are over is borne, once the server has kept the stream', async () => {
  const { run, rtmp, source, state, destination } = setUpBroadcast(['k1'], {
    delivery: { timing: { ...timing, stableMs: 3_000, stableAgainMs: 20 } },
  });
  source.push(...media(0, 400));
  const summary = run();
  await state(isStable);
  const times = 2 * maxRefusals;
  for (let count = 1; count <= times; count += 1) {
    rtmp.of('k1').at(-1)?.drop('reset');
    await vi.waitUntil(() => rtmp.of('k1').length === count + 1);
    source.push(...media(count * 1_000, count * 1_000 + 400));
    // Sooner than the stable seconds are over.
    await vi.waitUntil(() => destination('k1').steps.at(-1)?.state === 'done', 2_500);
  }
  expect(destination('k1')).toMatchObject({ state: 'live', reconnects: times });
  source.end();
  await summary;
});
