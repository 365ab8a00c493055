import { destinationsOf } from '@tallylight/contract';
import { afterEach, expect, test, vi } from 'vitest';
import { FakeRtmp, rtmpError } from '../../test/support/fake-rtmp.js';
import { media } from '../../test/support/fake-source.js';
import {
  isStable,
  setUpBroadcast,
  stopBroadcasts,
  timing,
} from '../../test/support/set-up-broadcast.js';
import { hasNewAddress, NetworkWatch, type NetworkInterfaces } from './network-watch.js';

afterEach(stopBroadcasts);

const at = (...addresses: string[]): NetworkInterfaces['x'] =>
  addresses.map((address) => ({ address, internal: address === '127.0.0.1' }));
const loopback = { lo: at('127.0.0.1') };

test.each<[string, NetworkInterfaces, NetworkInterfaces, boolean]>([
  ['the same', { ...loopback, eth0: at('10.0.0.2') }, { eth0: at('10.0.0.2') }, false],
  ['a network after none', loopback, { ...loopback, wlan0: at('10.0.0.2') }, true],
  ['none after a network', { eth0: at('10.0.0.2') }, loopback, false],
  ['another network', { wlan0: at('10.0.0.2') }, { wlan0: at('192.168.1.7') }, true],
  ['a cable beside it', { w: at('10.0.0.2') }, { w: at('10.0.0.2'), e: at('10.0.0.9') }, true],
  ['an address of its own making', loopback, { eth0: at('169.254.3.4', 'fe80::1') }, false],
  ['only this computer', {}, loopback, false],
])('%s: whether a network has come up', (_, before, now, expected) => {
  expect(hasNewAddress(before, now)).toBe(expected);
});

test('what waits to reconnect tries at once when a network comes up, what has failed does not, and then nobody looks', async () => {
  const rtmp = new FakeRtmp();
  const { broadcast, run, source, state, destination } = setUpBroadcast(['kept', 'lost'], {
    delivery: { publish: rtmp.publish, timing, reconnectDelay: () => 60_000 },
  });
  let interfaces: NetworkInterfaces = loopback;
  const watch = new NetworkWatch({
    ...{ everyMs: 5, list: () => interfaces },
    onUp: () => broadcast.networkUp(),
  });
  broadcast.watch(watch.follow);
  let lostTries = 0;
  rtmp.onConnect('lost', () => {
    lostTries += 1;
    throw rtmpError('tls-certificate', 'tls');
  });
  source.push(...media(0, 1_200));
  const summary = run();
  await state(isStable);
  expect(watch.isWatching).toBe(false);
  rtmp.of('kept')[0]?.drop();
  await state(() => destination('kept').waiting !== undefined);
  expect(watch.isWatching).toBe(true);
  interfaces = { ...loopback, wlan0: at('10.0.0.2') };
  await vi.waitUntil(() => rtmp.of('kept').length === 2);
  source.push(...media(2_000, 2_400));
  await state(() => destination('kept').state === 'live');
  expect(watch.isWatching).toBe(false);
  expect(lostTries).toBe(1);
  rtmp.of('kept')[1]?.drop();
  await state(() => destination('kept').waiting !== undefined);
  await broadcast.stop();
  expect(watch.isWatching).toBe(false);
  expect(destinationsOf(broadcast.snapshot).map(({ id, state: is }) => [id, is])).toEqual([
    ['kept', 'stopped'],
    ['lost', 'failed'],
  ]);
  await summary;
});

test('a try that waits for a server that cannot be reached begins anew when a network comes up', async () => {
  const rtmp = new FakeRtmp();
  let tries = 0;
  const { broadcast, run, source, state } = setUpBroadcast(['k1'], {
    delivery: {
      ...{ timing, reconnectDelay: () => 5 },
      publish: (options) => {
        tries += 1;
        if (tries !== 2) return rtmp.publish(options);
        options.onPhase?.({ phase: 'tcp', state: 'started' });
        return new Promise((_, reject) => {
          const abort = (): void => reject(rtmpError('aborted', 'tcp'));
          options.signal?.addEventListener('abort', abort);
        });
      },
    },
  });
  source.push(...media(0, 1_200));
  const summary = run();
  await state(isStable);
  rtmp.of('k1')[0]?.drop();
  await vi.waitUntil(() => tries === 2);
  broadcast.networkUp();
  await state(() => rtmp.of('k1').length === 2);
  expect(tries).toBe(3);
  source.end();
  await summary;
});
