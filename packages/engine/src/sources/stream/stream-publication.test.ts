import type { EncodedPacket, FlvItem } from 'node-rtmp-client';
import { expect, test } from 'vitest';
import { collect } from '../../../test/support/collect.js';
import {
  audioConfig,
  audioFrame,
  avcConfigurationOf640,
  videoConfig,
  videoFrame,
} from '../../../test/support/packets.js';
import type { StreamFormat } from './stream-format.js';
import type { StreamOrigin } from './stream-origin.js';
import { StreamPublication } from './stream-publication.js';

const item = (packet: EncodedPacket): FlvItem => ({ type: 'packet', packet });

/** What a server may send that keeps nothing for who comes late. */
const origin = (...items: readonly FlvItem[]): StreamOrigin => ({
  ...{ name: 'far', droppedFrames: 0 },
  // eslint-disable-next-line @typescript-eslint/require-await -- the face is asynchronous, and all is there
  async *items() {
    yield* items;
  },
});

test('begins with its configurations and a keyframe, whatever came before, and leaves out further tracks', async () => {
  const other: EncodedPacket = { ...videoFrame(120), trackId: 1 };
  const formats: StreamFormat[] = [];
  const metadata: FlvItem = { type: 'metadata', value: { framerate: 50, audiocodecid: 10 } };
  const publication = new StreamPublication(
    origin(
      metadata,
      ...[audioConfig(), videoConfig(), videoFrame(0), audioFrame(0), audioFrame(40)].map(item),
      ...[videoFrame(40, true), other, videoFrame(60), audioFrame(60)].map(item),
    ),
    (format) => formats.push(format),
  );
  const packets = await collect(publication);
  expect(packets.map(({ type, track, dts }) => `${type} ${track} ${dts / 1000}`)).toEqual([
    ...['config audio 0', 'config video 0', 'frame audio 0', 'frame audio 40'],
    ...['frame video 40', 'frame video 60', 'frame audio 60'],
  ]);
  expect(formats).toMatchObject([{ fps: 50, width: 320, height: 180, hasAudio: true }]);
  expect(publication.state).toBe('ended');
});

test('tells what it is like once that is known, and again when it is another', async () => {
  const metadata: FlvItem = { type: 'metadata', value: { framerate: 25, audiocodecid: 10 } };
  const larger = { ...videoConfig(80), payload: avcConfigurationOf640 };
  const formats: StreamFormat[] = [];
  const publication = new StreamPublication(
    origin(
      metadata,
      ...[videoConfig(), videoFrame(0, true), audioConfig(), audioFrame(0), videoFrame(40)].map(
        item,
      ),
      ...[larger, videoFrame(80, true)].map(item),
    ),
    (format) => formats.push(format),
  );
  await collect(publication);
  expect(formats).toMatchObject([
    { width: 320, sound: { codec: 'aac' } },
    { width: 640, sound: { codec: 'aac' } },
  ]);
});

test('promises no sound where its publisher has none', async () => {
  const publication = new StreamPublication(
    origin(item(videoConfig()), item(videoFrame(0, true))),
    () => undefined,
  );
  await collect(publication);
  expect([publication.hasAudio, publication.hasVideo]).toEqual([false, true]);
});
