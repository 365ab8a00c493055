import { afterEach, expect, test, vi } from 'vitest';
import { media } from '../../../test/support/fake-source.js';
import {
  isStable,
  setUpBroadcast,
  stopBroadcasts,
  timing,
} from '../../../test/support/set-up-broadcast.js';

afterEach(stopBroadcasts);

test.each([
  ['breaks', 0],
  ['breaks while bytes were acknowledged since', 4_000],
])(
  'of a connection that %s, only what went before an answered ping counts as sent',
  async (_, acknowledged) => {
    const { run, rtmp, source, state, destination } = setUpBroadcast(['k1'], {
      delivery: { timing: { ...timing, silentMs: 60_000 } },
    });
    const summary = run();
    source.push(...media(0, 400));
    await state(isStable);
    const first = rtmp.of('k1')[0];
    if (!first) throw new Error('no connection');
    await vi.waitUntil(() => first.pictures.length === 10);
    // One that leaves now goes behind all of them.
    await new Promise<void>((resolve) => (first.onPing = resolve));
    first.ping = undefined;
    source.push(...media(400, 600));
    await vi.waitUntil(() => first.pictures.length === 15);
    first.stats = { ...first.stats, bytesAcknowledged: acknowledged };
    first.drop('reset');
    await state(({ state: name }) => name === 'reconnecting');
    expect(destination('k1')).toMatchObject({ framesSent: 10, framesMissed: 5 });
    source.end();
    await summary;
  },
);
