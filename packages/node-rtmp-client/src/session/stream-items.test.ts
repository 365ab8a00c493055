import { describe, expect, it } from 'vitest';
import { flvTags } from '../../test/fixtures/flv-tags.js';
import { parseAmf0, serializeAmf0 } from '../amf/amf0.js';
import type { VideoPacket } from '../flv/encoded-packet.js';
import type { FlvItem } from '../flv/flv-item.js';
import type { DataMessage } from '../message/data.js';
import type { MediaMessage } from '../message/media.js';
import { itemMessage, StreamItemReader, tracksMessage } from './stream-items.js';

/** As it arrives: in one piece, on 32 bits of time. */
function received(message: MediaMessage | DataMessage | undefined): MediaMessage | DataMessage {
  if (message === undefined) throw new Error('no message');
  if (message.type === 'data') {
    return { ...message, values: parseAmf0(serializeAmf0(message.values)) };
  }
  const body = [Uint8Array.from(Buffer.concat(message.body))];
  return { ...message, timestamp: message.timestamp % 2 ** 32, body };
}

const frame = (ms: number, trackId?: number): VideoPacket => ({
  ...{ track: 'video', codec: 'hevc', type: 'frame', keyframe: true },
  ...{ dts: ms * 1000, pts: ms * 1000, payload: Uint8Array.of(0, 1, 0x26) },
  ...(trackId !== undefined && { trackId }),
});

/** An HEVC configuration with NAL unit lengths of two bytes. */
const shortLengths = Uint8Array.from({ length: 22 }, (_, at) => (at === 21 ? 0xfd : 1));

describe.each(flvTags)('a message with $name', ({ track, timestampMs, bytes, value }) => {
  it('gives what the tag gives', () => {
    const message = { type: track, streamId: 1, timestamp: timestampMs, body: [bytes] };
    expect(new StreamItemReader().read(message)).toEqual(value);
  });
});

describe('items of a stream', () => {
  it.each<FlvItem>([
    { type: 'metadata', value: { width: 640 } },
    { type: 'packet', packet: frame(40, 3) },
    { type: 'color-info', codec: 'av1', trackId: 2, timestamp: 40_000, value: { hdrCll: {} } },
    {
      ...{ type: 'channel-layout', codec: 'opus', trackId: 0, timestamp: 40_000 },
      layout: { type: 'unspecified', channels: 2 },
    },
    { type: 'sequence-end', track: 'audio', codec: 'opus', trackId: 0, timestamp: 40_000 },
    { type: 'video-command', command: 'end-seek', timestamp: 40_000 },
  ])('go into a message of their kind and come out of it: $type', (item) => {
    for (const publishing of [true, false]) {
      const message = itemMessage(item, 1, publishing);
      expect(new StreamItemReader().read(received(message))).toEqual([item]);
    }
  });

  it.each(['aac', 'mp3'] as const)('are not said of the end of %s in its legacy form', (codec) => {
    const end = { type: 'sequence-end', track: 'audio', codec, timestamp: 0 } as const;
    expect(itemMessage({ ...end, trackId: 0 }, 1, false)).toBeUndefined();
    expect(itemMessage({ ...end, trackId: 1 }, 1, false)).toMatchObject({ type: 'audio' });
  });

  it('keep their time across 32 bits', () => {
    const reader = new StreamItemReader();
    const times = [2 ** 32 - 20, 2 ** 32 + 20];
    const items = times.flatMap((ms) => {
      const item: FlvItem = { type: 'packet', packet: frame(ms) };
      return reader.read(received(itemMessage(item, 1, true)));
    });
    expect(items.map((item) => item.type === 'packet' && item.packet.dts)).toEqual(
      times.map((ms) => ms * 1000),
    );
  });

  it('of several tracks share a message, whose payloads are not copied', () => {
    const packets = [frame(40), frame(40, 1)];
    const message = tracksMessage(packets, 1);
    expect(message).toMatchObject({ type: 'video', timestamp: 40 });
    for (const { payload } of packets) expect(message.body).toContain(payload);
    const items = new StreamItemReader().read(received(message));
    expect(items).toEqual(packets.map((packet) => ({ type: 'packet', packet })));
  });

  it('have NAL unit lengths of four bytes, whatever those of each track are', () => {
    const reader = new StreamItemReader();
    const config: VideoPacket = { ...frame(0), type: 'config', payload: shortLengths };
    reader.read(received(itemMessage({ type: 'packet', packet: config }, 1, true)));
    const [first, second] = reader.read(received(tracksMessage([frame(40), frame(40, 1)], 1)));
    expect(first).toMatchObject({ packet: { payload: Uint8Array.of(0, 0, 0, 1, 0x26) } });
    expect(second).toMatchObject({ packet: { payload: Uint8Array.of(0, 1, 0x26) } });
  });
});
