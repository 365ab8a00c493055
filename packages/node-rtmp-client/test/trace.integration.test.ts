import { afterEach, describe, expect, it } from 'vitest';
import {
  connect,
  formatTraceLine,
  LiveHub,
  liveHandlers,
  parseRtmpUrl,
  play,
  publish,
  RtmpServer,
  type TracedMessage,
} from '../src/index.js';
import { audioConfig, delta, key, sound, videoConfig } from './support/live-items.js';

const stops: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

const streamKey = 'hush-a b/c?token=s3cr3t%2Fvalue&bandwidthtest=true';
const user = 'zaphod-b';
const password = 'trillian&co';
/** All that may not be seen, in any form. */
const secrets = [
  ...[streamKey, 'hush-a b', 'token=', 's3cr3t', 'hush-a', encodeURI(streamKey), user],
  ...[encodeURIComponent(streamKey), password, encodeURIComponent(password), 'apptoken'],
];

async function traced() {
  const atServer: TracedMessage[] = [];
  const server = new RtmpServer(liveHandlers(new LiveHub()), {
    onMessage: (message, remote) => {
      expect(remote).toMatch(/^127\.0\.0\.1 port \d+$/);
      atServer.push(message);
    },
    authentication: { schemes: ['adobe'], password: () => password },
  });
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
  stops.push(() => server.close());
  const address = parseRtmpUrl(`rtmp://127.0.0.1:${port}/live?apptoken=apptoken-1`);
  const credentials = { user, password };
  return { atServer, options: { address, credentials } };
}

const summaries = (messages: readonly TracedMessage[], direction: string): string[] =>
  messages
    .filter((message) => message.direction === direction)
    .map(({ type, summary }) => `${type} ${summary}`);

function expectClean(messages: readonly TracedMessage[]): void {
  expect(messages.length).toBeGreaterThan(10);
  const text = [JSON.stringify(messages), ...messages.map(formatTraceLine)].join('\n');
  for (const secret of secrets) expect(text.toLowerCase()).not.toContain(secret.toLowerCase());
}

describe('the messages of a connection', () => {
  it('are told as they come and go, without what is secret', async () => {
    const { atServer, options } = await traced();
    const published: TracedMessage[] = [];
    const publisher = await publish({
      ...{ ...options, streamKey },
      onMessage: (message) => published.push(message),
    });
    stops.push(() => publisher.close());
    await publisher.writeMetadata({ title: `of ${streamKey}`, width: 640 });
    const items = [videoConfig(0), audioConfig(0), key(0, 9_000), sound(10_000), delta(40_000)];
    for (const item of items) await publisher.writeItem(item);
    await publisher.ping();

    const played: TracedMessage[] = [];
    const player = await play({
      ...{ ...options, streamKey },
      onMessage: (message) => played.push(message),
    });
    for await (const item of player) {
      if (item.type === 'packet' && item.packet.dts === 40_000) break;
    }
    await player.close();
    await publisher.close();

    const sent = summaries(published, 'sent');
    expect(sent).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^set-chunk-size \d+$/),
        expect.stringMatching(/^command connect #1 \{"app": "live\*\*\*", /),
        expect.stringMatching(/^command createStream #\d+ null$/),
        expect.stringMatching(/^command publish #\d+ null, "\*\*\*", "live"$/),
        'data @setDataFrame "onMetaData", {"title": "of ***", "width": 640}',
        ...['video h264 config', 'audio aac config', 'video h264 keyframe', 'audio aac frame'],
        'video h264 frame',
        expect.stringMatching(/^user-control ping-request \d+$/),
        expect.stringMatching(/^command deleteStream /),
      ]),
    );
    const received = summaries(published, 'received');
    expect(received).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^command _error #1 .*"NetConnection.Connect.Rejected"/),
        expect.stringMatching(/^command _result #1 .*"NetConnection.Connect.Success"/),
        expect.stringMatching(/^command onStatus #0 null, .*"NetStream.Publish.Start"/),
        expect.stringMatching(/^acknowledgement \d+$/),
        expect.stringMatching(/^window-acknowledgement-size \d+$/),
        expect.stringMatching(/^set-peer-bandwidth \d+ dynamic$/),
        expect.stringMatching(/^user-control ping-response \d+$/),
      ]),
    );
    expect(summaries(played, 'sent')).toEqual(
      expect.arrayContaining([expect.stringMatching(/^command play #\d+ null, "\*\*\*"/)]),
    );
    expect(summaries(played, 'received')).toEqual(
      expect.arrayContaining(['video h264 config', 'video h264 keyframe', 'audio aac frame']),
    );
    // What one end sends is what the other receives.
    const atOther = (direction: string): string[] => summaries(atServer, direction);
    for (const each of sent.filter((summary) => /^(video|audio|data)/.test(summary))) {
      expect(atOther('received')).toContain(each);
    }
    const frame = published.find(({ summary }) => summary === 'h264 keyframe');
    expect(frame).toMatchObject({
      ...{ direction: 'sent', chunkStreamId: 6, messageStreamId: 1, timestamp: 0, type: 'video' },
      bytes: 9_005,
    });
    expect(frame?.at).toBeGreaterThan(Date.now() - 60_000);
    expect(formatTraceLine(frame ?? ({} as TracedMessage))).toMatch(
      /^\d\d:\d\d:\d\d\.\d{3} > video {2}stream 1 {2}0 ms {2}9005 B {2}h264 keyframe$/,
    );
    for (const messages of [published, played, atServer]) expectClean(messages);
  });

  it('are told of a connection for many streams, whose keys are not known before', async () => {
    const { atServer, options } = await traced();
    const messages: TracedMessage[] = [];
    const connection = await connect({ ...options, onMessage: (each) => messages.push(each) });
    stops.push(() => connection.close());
    const publisher = await connection.publish({ streamKey });
    await publisher.close();
    await connection.call('releaseStream', [streamKey]).catch(() => undefined);
    expect(summaries(messages, 'sent')).toContainEqual(
      expect.stringMatching(/^command releaseStream #\d+ null, "\*\*\*"$/),
    );
    for (const each of [messages, atServer]) expectClean(each);
  });
});
