import { parseRtmpUrl, publish, RtmpServer, type RtmpIngest } from 'node-rtmp-client';
import { afterEach, expect, test } from 'vitest';
import { until } from '../../../test/support/until.js';
import { media } from './support/fake-source.js';
import { isLive, setUpBroadcast, stopBroadcasts, target } from './support/set-up-broadcast.js';

const servers: RtmpServer[] = [];

afterEach(async () => {
  await stopBroadcasts();
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

interface Receiver {
  readonly server: RtmpServer;
  readonly tcUrl: string;
  /** Times of the video frames that have come, in milliseconds. */
  readonly frames: number[];
  readonly ingests: RtmpIngest[];
}

/** @param onPublish what comes before it takes the stream. */
async function receiver(
  onPublish: () => Promise<unknown> = () => Promise.resolve(),
): Promise<Receiver> {
  const frames: number[] = [];
  const ingests: RtmpIngest[] = [];
  const server = new RtmpServer({
    onPublish: async (ingest) => {
      ingests.push(ingest);
      await onPublish();
      ingest.accept((item) => {
        if (item.type !== 'packet') return;
        const { type, track, dts } = item.packet;
        if (type === 'frame' && track === 'video') frames.push(dts / 1000);
      });
    },
  });
  servers.push(server);
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
  return { server, tcUrl: `rtmp://127.0.0.1:${port}/live`, frames, ingests };
}

/** A broadcast that is live on `first`, by the library itself, and has sent ten frames. */
async function liveOn(first: Receiver) {
  const address = parseRtmpUrl(first.tcUrl);
  const show = setUpBroadcast(['k1'], {
    destinations: [{ ...target('k1'), address }],
    delivery: { publish, timing: {} },
  });
  show.source.push(...media(0, 400));
  const summary = show.run();
  await show.state(isLive);
  await until('the first frames', () => first.frames.length === 10);
  return { ...show, summary };
}

const second = (number: number) => media(number * 1_000, (number + 1) * 1_000);

test('a server that asks to go on elsewhere in time costs nothing', async () => {
  const [first, next] = [await receiver(), await receiver()];
  const { source, destination, summary } = await liveOn(first);
  expect(first.server.requestReconnect({ tcUrl: next.tcUrl })).toBe(1);
  let given = 1;
  await until('the other server to have the stream', () => {
    if (destination('k1').queuedMs === 0) source.push(...second(given++));
    return next.frames.length > 0;
  });
  source.end();
  const { destinations, video } = await summary;
  expect(destinations[0]).toMatchObject({
    ...{ framesSent: video.frames, framesDropped: 0, framesMissed: 0 },
    droppedBy: { network: 0, move: 0 },
  });
  expect(first.frames.length + next.frames.length).toBe(video.frames);
});

test('one that hangs up before the next keyframe costs what comes until then, and the network is not to blame', async () => {
  const [first, next] = [await receiver(), await receiver()];
  const { source, state, destination, summary } = await liveOn(first);
  first.server.requestReconnect({ tcUrl: next.tcUrl });
  first.ingests[0]?.abort();
  await state(() => destination('k1').isHeld === true);
  source.push(...media(400, 1_000));
  await state(() => destination('k1').droppedBy?.move === 15);
  let given = 1;
  await until('the other server to have the stream', () => {
    if (destination('k1').queuedMs === 0) source.push(...second(given++));
    return next.frames.length > 0;
  });
  source.end();
  const { destinations, video } = await summary;
  const [one] = destinations;
  const { framesSent = NaN, droppedBy } = one ?? {};
  expect(droppedBy?.network).toBe(0);
  expect(framesSent + (droppedBy?.move ?? NaN)).toBe(video.frames);
  expect(one).toMatchObject({ framesDropped: droppedBy?.move, framesMissed: 0, reconnects: 0 });
  expect(first.frames.length + next.frames.length).toBe(framesSent);
});

test('what overflows while the other server is asked to take the stream is lost by the move, too', async () => {
  const first = await receiver();
  let flood = (): Promise<unknown> => Promise.resolve();
  // While it waits for an answer, nothing can leave.
  const next = await receiver(() => flood());
  const { source, state, destination, summary } = await liveOn(first);
  flood = () => {
    source.push(...media(100_000, 120_000));
    return state(({ statistics: { durationMs = 0 } = {} }) => durationMs >= 120_000);
  };
  first.server.requestReconnect({ tcUrl: next.tcUrl });
  let given = 1;
  await until('the other server to be asked', () => {
    if (given < 100 && destination('k1').queuedMs === 0 && next.ingests.length === 0)
      source.push(...second(given++));
    return next.ingests.length > 0;
  });
  source.push(...media(120_000, 122_000));
  source.end();
  const { destinations, video } = await summary;
  const { framesSent = NaN, droppedBy, framesMissed } = destinations[0] ?? {};
  expect(droppedBy?.move).toBeGreaterThan(200);
  expect({ network: droppedBy?.network, framesMissed }).toEqual({ network: 0, framesMissed: 0 });
  expect(framesSent + (droppedBy?.move ?? NaN)).toBe(video.frames);
  expect(first.frames.length + next.frames.length).toBe(framesSent);
});
