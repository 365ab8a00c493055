import { reason } from '@tallylight/contract';
import { expect, test } from 'vitest';
import type { BuiltInServerEvent } from './server-events.js';
import { ServerMonitor, type MonitoredServer } from './server-monitor.js';

type Stream = ReturnType<MonitoredServer['statistics']>['streams'][number];

function fakeServer() {
  let listener: (event: BuiltInServerEvent) => void = () => undefined;
  const streams: Stream[] = [];
  const server = {
    statistics: () => ({ streams }),
    watch: (each: typeof listener) => {
      listener = each;
      return () => true;
    },
  } as unknown as MonitoredServer;
  return { server, streams, tell: (event: BuiltInServerEvent) => listener(event) };
}

const stream = (bytesIn: number, since = 1): Stream => {
  const idle = { players: 0, bytesOut: 0 };
  return {
    ...{ app: 'live', name: 'obs', since, players: 2, bytesIn, bytesOut: 0, framesDropped: 0 },
    framesIn: { video: 0, audio: 0 },
    protocols: {
      ...{ rtmp: idle, 'http-flv': idle, 'ws-flv': idle, dash: idle },
      hls: { players: 2, bytesOut: 0 },
    },
  };
};

test('the rate of a stream is what came between two samples, and of none before it came again', () => {
  const { server, streams } = fakeServer();
  const monitor = new ServerMonitor(server, () => undefined);
  const rate = () => monitor.streams()[0]?.bitrate;
  streams.push(stream(1000));
  monitor.sample(1000);
  expect(monitor.streams()).toEqual([{ app: 'live', name: 'obs', since: 1, viewers: { hls: 2 } }]);
  streams[0] = stream(251_000);
  monitor.sample(3000);
  expect(rate()).toBe(1_000_000);
  // Its publisher has come anew, and is counted from nothing.
  streams[0] = stream(500, 2);
  monitor.sample(4000);
  expect(rate()).toBeUndefined();
});

test('who tries again and again is one refusal, and the newest five are kept', () => {
  const { server, tell } = fakeServer();
  const monitor = new ServerMonitor(server, () => undefined);
  const refuse = (remote: string): void =>
    tell({ type: 'publisher-refused', app: 'live', remote, why: reason('publish-key-wrong') });
  refuse('::ffff:192.0.2.1 port 50000');
  refuse('192.0.2.2 port 50001');
  refuse('::ffff:192.0.2.1 port 50002');
  expect(monitor.refusals()).toMatchObject([
    { remote: '192.0.2.1', times: 2 },
    { remote: '192.0.2.2', times: 1 },
  ]);
  for (let host = 10; host < 30; host += 1) refuse(`2001:db8::${host} port 1`);
  expect(monitor.refusals()).toHaveLength(5);
  expect(monitor.refusals()[0]?.remote).toBe('2001:db8::29');
});
