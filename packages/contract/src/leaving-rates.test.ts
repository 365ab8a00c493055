import { expect, it } from 'vitest';
import type { DestinationStatus } from './broadcast.js';
import { leavingRates } from './leaving-rates.js';

const destination = (patch: Partial<DestinationStatus>): DestinationStatus => ({
  ...{ type: 'rtmp', reach: 'public', id: 'a', name: 'a', url: 'rtmp://a/live', steps: [] },
  ...{ bytesSent: 0, framesSent: 0, framesDropped: 0, reconnects: 0, state: 'live' },
  ...patch,
});
const here = destination({ bitrate: 2_500_000, fps: 30 });
const slow = destination({ bitrate: 1_500_000, fps: 17 });
const away = destination({ state: 'reconnecting', bitrate: 0, fps: 0 });

it('tells what leaves to the servers that are there', () => {
  expect(leavingRates({ outputs: [here, away, slow] })).toEqual({ bitrate: 4_000_000, fps: 17 });
});

it('is nothing where no server is', () => {
  expect(leavingRates({ outputs: [away] })).toEqual({ bitrate: 0, fps: 0 });
});

it('is unknown of a server that has just begun, or is silent', () => {
  expect(leavingRates({ outputs: [destination({}), away] })).toEqual({});
  expect(leavingRates({ outputs: [destination({}), here] })).toEqual({
    bitrate: 2_500_000,
    fps: 30,
  });
});
