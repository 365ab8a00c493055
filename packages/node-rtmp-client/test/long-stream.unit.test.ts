import { expect, it } from 'vitest';
import type { EncodedPacket } from '../src/flv/encoded-packet.js';
import type { FlvItem } from '../src/flv/flv-item.js';
import {
  audioConfig,
  audioPacket,
  SessionWire,
  videoConfig,
  videoPacket,
} from './support/session-wire.js';

const hour = 3_600_000;
const framesEveryMs = 2000;
const soundEveryMs = 1000;
/** The packets of so much are on their way together. */
const batchMs = 60_000;

/** Every packet of a stream that begins at `startMs`, in the order in which they are sent, a batch at a time. */
function* batches(startMs: number, durationMs: number): Generator<EncodedPacket[]> {
  const start = startMs * 1000;
  yield [videoPacket('config', start, videoConfig), audioPacket('config', start, audioConfig)];
  for (let from = 0; from < durationMs; from += batchMs) {
    const packets: EncodedPacket[] = [];
    for (let at = from; at < from + batchMs; at += soundEveryMs) {
      const time = (startMs + at) * 1000;
      if (at % framesEveryMs === 0) packets.push(videoPacket('frame', time, [0, 0, 0, 1, 0x65]));
      packets.push(audioPacket('frame', time, [1]));
    }
    yield packets;
  }
}

it.each([
  { name: 'from 0, over the end of 24 bits after 4 h 39 min', startMs: 0 },
  { name: 'over the end of 31 bits, 24.8 days', startMs: 2 ** 31 - 15 * hour },
  { name: 'over the end of 32 bits, 49.7 days', startMs: 2 ** 32 - 15 * hour },
])(
  '[TIME-01] [TIME-02] 30 hours are published, relayed and played to the millisecond: $name',
  (row) => {
    let expected: EncodedPacket[] = [];
    let received = 0;
    let wrong: unknown;
    const check = (item: FlvItem): void => {
      const wanted = expected[received++];
      const packet = item.type === 'packet' ? item.packet : undefined;
      const isSame =
        packet?.dts === wanted?.dts &&
        packet?.pts === wanted?.pts &&
        packet?.track === wanted?.track;
      if (!isSame) wrong ??= { wanted, packet };
    };
    const player = new SessionWire({ role: 'play', onItem: check }).run();
    const publisher = new SessionWire({
      role: 'publish',
      onItem: (item) => {
        player.play(item);
      },
    }).run();

    let sent = 0;
    for (const packets of batches(row.startMs, 30 * hour)) {
      expected = packets;
      received = 0;
      for (const packet of packets) publisher.stream.writePacket(packet);
      publisher.run();
      player.run();
      expect(wrong).toBeUndefined();
      expect(received).toBe(packets.length);
      sent += packets.length;
    }
    expect(sent).toBe(2 + 30 * (hour / framesEveryMs + hour / soundEveryMs));
  },
  120_000,
);
