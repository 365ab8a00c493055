import { describe, expect, it } from 'vitest';
import { ByteQueue } from '../../src/bytes/byte-queue.js';
import { MalformedError } from '../../src/bytes/malformed-error.js';
import type { Message } from '../../src/message/message.js';
import { ProtocolChannel } from '../../src/session/protocol-channel.js';
import { filled, hex, joined, RawChunkReader, wholeMessage, type RawChunk } from './raw-chunks.js';

const control = (typeId: number, payload: string, timestamp = 0): Uint8Array =>
  wholeMessage({ chunkStreamId: 2, streamId: 0, typeId, timestamp, payload: hex(payload) });

const setChunkSize = (size: number): Uint8Array =>
  control(1, size.toString(16).padStart(8, '0'), 0x123456);

class Peer {
  readonly channel = new ProtocolChannel(new ByteQueue());
  readonly messages: Message[] = [];
  readonly #reader = new RawChunkReader();

  /** @returns what it answers. */
  send(...pieces: readonly Uint8Array[]): RawChunk[] {
    this.channel.receive(joined(...pieces), (message) => this.messages.push(message));
    return this.drainOutput();
  }

  drainOutput(): RawChunk[] {
    return this.#reader.read(...this.channel.drainOutput());
  }

  get media(): number[][] {
    return this.messages.flatMap((message) =>
      message.type === 'audio' || message.type === 'video'
        ? [[message.timestamp, message.body[0]?.length ?? 0]]
        : [],
    );
  }
}

const numberIn = (chunk: RawChunk | undefined): number | undefined =>
  chunk && Buffer.from(chunk.data).readUInt32BE();

const acknowledgements = (chunks: readonly RawChunk[]): (number | undefined)[] =>
  chunks.filter(({ typeId }) => typeId === 3).map(numberIn);

describe('chunk size', () => {
  it('[CTRL-03] is 128 at first, and of each direction by itself', () => {
    const peer = new Peer();
    peer.channel.send({ type: 'set-chunk-size', size: 4096 });
    peer.send(hex('06 000000 000082 09 01000000'), filled(128), hex('c6'), filled(2));
    expect(peer.media).toEqual([[0, 130]]);
    peer.send(setChunkSize(4096));
    const own = new Peer();
    own.send(setChunkSize(4096));
    own.channel.send({ type: 'video', streamId: 1, timestamp: 0, body: [filled(130)] });
    const sent = own.drainOutput();
    expect(sent.map(({ data }) => data.length)).toEqual([128, 2]);
  });

  it('[CTRL-02, CTRL-07] changes at once, within a message, whatever its own timestamp', () => {
    const peer = new Peer();
    peer.send(
      hex('06 000000 000190 09 01000000'),
      filled(128),
      setChunkSize(200),
      hex('c6'),
      filled(200),
      setChunkSize(128),
      hex('c6'),
      filled(72),
    );
    expect(peer.media).toEqual([[0, 400]]);
  });

  it('[CTRL-06] of 1 cuts everything into single bytes', () => {
    const peer = new Peer();
    peer.send(setChunkSize(1), hex('06 000000 000003 09 01000000 01 c6 02 c6 03'));
    expect(peer.media).toEqual([[0, 3]]);
    // Even the next size arrives in pieces.
    peer.send(hex('02 000000 000004 01 00000000 00 c2 00 c2 10 c2 00'));
    peer.send(hex('06 000000 000003 09 01000000 010203'));
    expect(peer.media).toHaveLength(2);
  });

  it.each([0x1000000, 0x7fffffff])('[CTRL-05] of %i means that every message is whole', (size) => {
    const peer = new Peer();
    peer.send(setChunkSize(size), hex('06 000000 030d40 09 01000000'), filled(200_000));
    expect(peer.media).toEqual([[0, 200_000]]);
  });

  it.each([0, 0x80000000, 0xffffffff])('[CTRL-04] of %i is malformed', (size) => {
    const peer = new Peer();
    expect(() => peer.send(setChunkSize(size))).toThrow(MalformedError);
  });
});

describe('abort', () => {
  const begun = joined(hex('06 0003e8 000100 09 01000000'), filled(128));

  it('[CTRL-08] drops one message, and leaves the others alone', () => {
    const peer = new Peer();
    peer.send(begun, hex('04 0003e8 000081 08 01000000'), filled(128), control(2, '00000006'));
    peer.send(hex('c4 07'), hex('06 000400 000001 09 01000000 08'));
    expect(peer.media).toEqual([
      [1000, 129],
      [1024, 1],
    ]);
  });

  it('[CTRL-09] leaves the timestamp for the next delta to count from', () => {
    const peer = new Peer();
    peer.send(begun, control(2, '00000006'), hex('46 000014 000001 09 07'));
    expect(peer.media).toEqual([[1020, 1]]);
  });

  it('[CTRL-10] without anything to drop does nothing', () => {
    const peer = new Peer();
    peer.send(control(2, '00000006'), control(2, '00000002'), control(2, 'ffffffff'));
    peer.send(hex('06 000400 000001 09 01000000 08'), control(2, '00000006'), hex('c6 09'));
    expect(peer.media).toEqual([
      [1024, 1],
      [2048, 1],
    ]);
  });
});

describe('acknowledgements', () => {
  const window = (size: number): Uint8Array =>
    control(5, size.toString(16).padStart(8, '0'), 0x654321);

  it('[CTRL-11, CTRL-13] come before the window is used up, time after time', () => {
    const peer = new Peer();
    peer.send(setChunkSize(0x7fffffff));
    let sent = 16;
    let acknowledged = 0;
    const pass = (bytes: Uint8Array): void => {
      const answers = acknowledgements(peer.send(bytes));
      sent += bytes.length;
      for (const number of answers) {
        expect(number).toBe(sent);
        acknowledged = sent;
      }
    };
    pass(window(1000));
    for (let i = 0; i < 50; i++) {
      pass(wholeMessage({ chunkStreamId: 4, typeId: 8, streamId: 1, payload: filled(88) }));
      expect(sent - acknowledged).toBeLessThan(1000);
    }
    expect(acknowledged).toBeGreaterThan(4000);
    pass(window(2_000_000));
    for (let i = 0; i < 10; i++) {
      pass(wholeMessage({ chunkStreamId: 4, typeId: 8, streamId: 1, payload: filled(88) }));
    }
    expect(sent - acknowledged).toBeGreaterThan(1000);
  });

  it('[CTRL-12] count all bytes, headers too, and run over after 4 GiB', () => {
    const peer = new Peer();
    const numbers = acknowledgements(peer.send(setChunkSize(0x7fffffff)));
    let sent = 16;
    // The same 8 MB again and again: views only, so that this is quick.
    const large = wholeMessage({
      ...{ chunkStreamId: 6, typeId: 9, streamId: 1 },
      payload: new Uint8Array(8_000_000),
    });
    while (sent < 2 ** 32 + 20_000_000) {
      peer.channel.receive(large, () => undefined);
      sent += large.length;
      numbers.push(...acknowledgements(peer.drainOutput()));
      expect(numbers.at(-1)).toBe(sent % 2 ** 32);
    }
    expect(
      numbers.some((number, i) => number !== undefined && number < (numbers[i - 1] ?? 0)),
    ).toBe(true);
  });

  it('[CTRL-12] of the peer run over, too, and go on counting', () => {
    const peer = new Peer();
    sendTo(peer, 2 ** 32);
    peer.send(control(3, '7fffffff'), control(3, 'fffffff0'), control(3, '00000010'));
    expect(peer.channel.acknowledged).toBe(2 ** 32 + 16);
  });

  it('of a peer that begins at 0 again before 2^32 are no leap', () => {
    const peer = new Peer();
    sendTo(peer, 0xf1000000);
    peer.send(control(3, '7fffffff'), control(3, 'effffff0'), control(3, '00000010'));
    expect(peer.channel.acknowledged).toBe(0xf0000000);
    peer.send(control(3, '00000020'));
    expect(peer.channel.acknowledged).toBe(0xf0000010);
  });

  it('of more than was sent count as all of it', () => {
    const peer = new Peer();
    peer.send(control(3, '70000000'));
    expect(peer.channel.acknowledged).toBe(3073);
  });

  const sendTo = ({ channel }: Peer, bytes: number): void => {
    const body = [new Uint8Array(0xffffff)];
    channel.send({ type: 'set-chunk-size', size: 0x1000000 });
    for (let sent = 0; sent < bytes; sent += 0xffffff) {
      channel.send({ type: 'video', streamId: 1, timestamp: 0, body });
      channel.drainOutput();
    }
  };
});

describe('peer bandwidth', () => {
  const answers = (peer: Peer, payload: string): (number | undefined)[] =>
    peer
      .send(control(6, payload))
      .filter(({ typeId }) => typeId === 5)
      .map(numberIn);

  it('[CTRL-15] is answered with the window, but not twice with the same', () => {
    const peer = new Peer();
    expect(answers(peer, '00100000 00')).toEqual([0x100000]);
    expect(answers(peer, '00100000 00')).toEqual([]);
    expect(answers(peer, '00200000 00')).toEqual([0x200000]);
  });

  it('of less than a chunk is passed over', () => {
    const peer = new Peer();
    peer.channel.send({ type: 'audio', streamId: 1, timestamp: 0, body: [filled(5000)] });
    peer.send(control(3, '00000064'));
    for (const size of ['00000000', '0000007f']) expect(answers(peer, `${size} 00`)).toEqual([]);
    expect(peer.channel.isHeldUp).toBe(false);
    peer.channel.tellWindow(100_000);
    expect(peer.drainOutput().map(numberIn).at(-1)).toBe(100_000);
  });

  /** Sends limits to a peer that has acknowledged before; tells how much it then lets be on its way, to 1000 bytes. */
  const allowed = (...limits: readonly string[]): number => {
    const peer = new Peer();
    peer.channel.send({ type: 'audio', streamId: 1, timestamp: 0, body: [filled(88)] });
    peer.send(control(3, '00000064'));
    for (const limit of limits) peer.send(control(6, limit));
    let sent = 0;
    for (const { data } of peer.drainOutput()) sent += 12 + data.length;
    while (!peer.channel.isHeldUp) {
      if (sent > 20_000) return Infinity;
      peer.channel.send({ type: 'audio', streamId: 1, timestamp: 0, body: [filled(96)] });
      sent += 100;
    }
    peer.send(control(3, (100 + sent + 1000).toString(16).padStart(8, '0')));
    expect(peer.channel.isHeldUp, 'after the acknowledgement').toBe(false);
    return Math.floor(sent / 1000) * 1000;
  };

  it('[CTRL-16] hard holds back what is more than that on its way, until it is acknowledged', () => {
    expect(allowed('00000fa0 00')).toBe(4000);
    expect(allowed('00000fa0 00', '00001f40 00')).toBe(8000);
  });

  it('[CTRL-17] soft does so with the smaller of the new limit and the old', () => {
    expect(allowed('00000fa0 01')).toBe(4000);
    expect(allowed('00000fa0 00', '00001f40 01')).toBe(4000);
    expect(allowed('00001f40 01', '00000fa0 01')).toBe(4000);
  });

  it('[CTRL-18] dynamic does so only where the last one was hard', () => {
    expect(allowed('00000fa0 02')).toBe(Infinity);
    expect(allowed('00000fa0 01', '00001f40 02')).toBe(4000);
    expect(allowed('00000fa0 00', '00001f40 02', '00002328 02')).toBe(9000);
  });

  it('[CTRL-16] holds nothing back from who never acknowledges', () => {
    const peer = new Peer();
    peer.send(control(6, '00000100 00'));
    peer.channel.send({ type: 'video', streamId: 1, timestamp: 0, body: [filled(5000)] });
    expect(peer.channel.isHeldUp).toBe(false);
  });

  it('[CTRL-16] holds nothing back any more once it is forgotten, whatever is asked for then', () => {
    const peer = new Peer();
    peer.channel.send({ type: 'video', streamId: 1, timestamp: 0, body: [filled(5000)] });
    peer.send(control(3, '00000064'));
    peer.send(control(6, '00000100 00'));
    expect(peer.channel.isHeldUp).toBe(true);
    peer.channel.forget();
    peer.send(control(6, '00000101 00'));
    expect(peer.channel.isHeldUp).toBe(false);
  });

  it('[CTRL-13] is not told a window beyond it, for whose end both would wait', () => {
    const peer = new Peer();
    peer.send(control(6, '00000fa0 00'));
    peer.channel.tellWindow(100_000);
    expect(peer.drainOutput().map(numberIn)).toEqual([4000]);
  });
});
