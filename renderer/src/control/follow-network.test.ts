import { afterEach, expect, test, vi } from 'vitest';
import { createBroadcastStore } from '../state/broadcast-store.js';
import { followNetwork } from './follow-network.js';

afterEach(() => vi.unstubAllGlobals());

test('a browser that is online again has the engine reconnect what waits, and nothing else', () => {
  const page = new EventTarget();
  vi.stubGlobal('window', page);
  const networkUp = vi.fn(() => Promise.resolve());
  const broadcast = createBroadcastStore();
  followNetwork({ broadcast: { networkUp } }, broadcast);
  const online = (state: 'live' | 'reconnecting'): void => {
    broadcast.getState().receive({
      ...{ state, captureSteps: [] },
      outputs: [
        {
          ...{ type: 'rtmp', reach: 'public', id: 'a', name: 'A', url: 'rtmp://a/b', steps: [] },
          ...{ state, bytesSent: 0, framesSent: 0, framesDropped: 0, reconnects: 0 },
        },
      ],
    });
    page.dispatchEvent(new Event('online'));
  };
  online('live');
  expect(networkUp).not.toHaveBeenCalled();
  online('reconnecting');
  expect(networkUp).toHaveBeenCalledOnce();
});
