import { describe, expect, it, vi } from 'vitest';
import type { FrameAccount } from './frame-account.js';
import { MediaChannelReader } from './media-channel-reader.js';
import { MediaChannelWriter, type PreviewListener } from './media-channel-writer.js';
import {
  allocateChannelMessage,
  initialChannelCredits,
  maxChannelMessageBytes,
  parseChannelMessage,
  payloadOf,
  serializeChannelMessage,
  type ChannelMessage,
  type ChannelPort,
  type ControlMessage,
} from './media-channel.js';

/** One end of a channel in memory: delivers at once, and remembers what was sent. */
class FakePort implements ChannelPort {
  readonly sent: ChannelMessage[] = [];
  closed = false;
  #listener: (bytes: Uint8Array) => void = () => undefined;
  #onClose: () => void = () => undefined;
  peer: FakePort | undefined;

  send(bytes: Uint8Array<ArrayBuffer>): void {
    const message = parseChannelMessage(bytes);
    if (message) this.sent.push(message);
    this.peer?.receive(bytes);
  }
  onMessage(listener: (bytes: Uint8Array) => void): void {
    this.#listener = listener;
  }
  onClose(listener: () => void): void {
    this.#onClose = listener;
  }
  close(): void {
    this.closed = true;
    this.disappear();
    this.peer?.disappear();
  }
  receive(bytes: Uint8Array): void {
    this.#listener(bytes);
  }
  disappear(): void {
    this.#onClose();
  }
}

function connected(onPreview?: PreviewListener) {
  const [there, here] = [new FakePort(), new FakePort()];
  there.peer = here;
  here.peer = there;
  return {
    there,
    here,
    writer: new MediaChannelWriter(there, onPreview),
    reader: new MediaChannelReader(here),
  };
}

const never = new AbortController().signal;
const container = (bytes: number): ChannelMessage => ({
  type: 'container',
  payload: new Uint8Array(bytes),
});
const mebi = 1024 * 1024;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const account: FrameAccount = {
  ...{ elapsedMs: 1000.5, offered: 31, surplus: 1 },
  lost: { reading: 2, encoder: 3, channel: 4 },
  encoded: 20,
};

const messages: ChannelMessage[] = [
  { type: 'config', track: 'video', payload: Uint8Array.of(1, 2) },
  { type: 'config', track: 'audio', payload: Uint8Array.of(0x12, 0x10) },
  {
    type: 'frame',
    track: 'video',
    keyframe: true,
    pts: 33_333.25,
    dts: -1,
    payload: Uint8Array.of(9),
  },
  {
    type: 'frame',
    track: 'audio',
    keyframe: false,
    pts: 2 ** 40,
    dts: 0,
    payload: Uint8Array.of(),
  },
  { type: 'container', payload: Uint8Array.of(0x1a, 0x45, 0xdf, 0xa3) },
  { type: 'account', account: { ...account, offered: 4_000_000_000 } },
  { type: 'begin', captureId: 0xffff_ffff },
  { type: 'end' },
  { type: 'credit', bytes: 123_456 },
  { type: 'preview', peakDb: -6.5, payload: Uint8Array.of(0xff, 0xd8) },
  { type: 'preview', peakDb: -Infinity, payload: Uint8Array.of(0xff, 0xd8) },
  { type: 'preview-shown' },
  { type: 'set-video-bitrate', bitrate: 0xffff_ffff },
  { type: 'request-keyframe' },
];

describe('channel messages', () => {
  it.each(messages)('survive the wire: $type', (message) => {
    expect(parseChannelMessage(serializeChannelMessage(message))).toEqual(message);
  });

  it('take a payload that is written in place', () => {
    const header = { type: 'frame', track: 'video', keyframe: true, pts: 40, dts: 20 } as const;
    const bytes = allocateChannelMessage(header, 3);
    payloadOf(bytes).set([7, 8, 9]);
    expect(parseChannelMessage(bytes)).toEqual({ ...header, payload: Uint8Array.of(7, 8, 9) });
  });

  it('are found in a view that does not start its buffer', () => {
    const wire = serializeChannelMessage({ type: 'container', payload: Uint8Array.of(7, 8) });
    const shifted = new Uint8Array(wire.length + 5);
    shifted.set(wire, 5);
    expect(parseChannelMessage(shifted.subarray(5))).toEqual({
      type: 'container',
      payload: Uint8Array.of(7, 8),
    });
  });

  it.each([
    ['nothing', new Uint8Array()],
    ['a header that is too short', new Uint8Array(23).fill(2)],
    ['an unknown type', new Uint8Array(24).fill(99)],
    ['type 0', new Uint8Array(24)],
    ['more than a message may hold', new Uint8Array(maxChannelMessageBytes + 1).fill(3)],
  ])('refuse %s', (_, bytes) => {
    expect(parseChannelMessage(bytes)).toBeUndefined();
  });

  it('refuse a frame whose time is not a number', () => {
    const frame: ChannelMessage = {
      type: 'frame',
      track: 'video',
      keyframe: true,
      pts: Number.NaN,
      dts: 0,
      payload: Uint8Array.of(),
    };
    expect(parseChannelMessage(serializeChannelMessage(frame))).toBeUndefined();
  });
});

describe('MediaChannelWriter', () => {
  it('waits when its credits are spent, and goes on when more are granted', async () => {
    const { writer, reader, there } = connected();
    const count = 12;
    const writes = Array.from({ length: count }, () => writer.write(container(mebi)));
    await turn();
    expect(there.sent.length).toBe(initialChannelCredits / mebi);
    for (let read = 0; read < count; read++) await reader.read(never);
    await Promise.all(writes);
    expect(there.sent.length).toBe(count);
  });

  it('sends the bytes of a message as they are, for the same credits', async () => {
    const { writer, reader, there } = connected();
    const send = vi.spyOn(there, 'send');
    const message = { type: 'container', payload: Uint8Array.of(1, 2, 3) } as const;
    const bytes = serializeChannelMessage(message);
    await writer.writeSerialized(bytes);
    expect(send.mock.calls[0]?.[0]).toBe(bytes);
    expect(writer.credits).toBe(initialChannelCredits - bytes.byteLength);
    expect(await reader.read(never)).toEqual(message);
  });

  it('keeps the order of writes that nobody waited for', async () => {
    const { writer, reader } = connected();
    const count = 40;
    for (let index = 0; index < count; index++) {
      const payload = new Uint8Array(mebi);
      payload[0] = index;
      void writer.write({ type: 'container', payload });
    }
    const order: number[] = [];
    while (order.length < count) {
      const message = await reader.read(never);
      if (message?.type === 'container') order.push(message.payload[0] ?? -1);
    }
    expect(order).toEqual(Array.from({ length: count }, (_, index) => index));
  });

  it('rejects what waits, and what comes later, when the channel closes', async () => {
    const { writer, there } = connected();
    await writer.write(container(initialChannelCredits));
    const waiting = writer.write(container(1));
    there.close();
    await expect(waiting).rejects.toThrow('ENGINE_GONE');
    await expect(writer.write(container(1))).rejects.toThrow('ENGINE_GONE');
  });

  it('asks for the next preview even after one that could not be shown', async () => {
    const { there, reader } = connected(() => {
      throw new Error('not a picture');
    });
    reader.sendPreview(Uint8Array.of(1), 0);
    await turn();
    expect(there.sent).toEqual([{ type: 'preview-shown' }]);
  });

  it('hands control messages on for as long as somebody listens, whatever its credits', async () => {
    const { writer, reader } = connected();
    const asked: ControlMessage[] = [];
    await writer.write(container(initialChannelCredits));
    const stop = writer.onControl((message) => asked.push(message));
    reader.sendControl({ type: 'set-video-bitrate', bitrate: 1_500_000 });
    reader.sendControl({ type: 'request-keyframe' });
    stop();
    reader.sendControl({ type: 'request-keyframe' });
    expect(asked).toEqual([
      { type: 'set-video-bitrate', bitrate: 1_500_000 },
      { type: 'request-keyframe' },
    ]);
  });
});

describe('MediaChannelReader', () => {
  it('has at most one preview in flight', async () => {
    let shown: () => void = () => undefined;
    const { reader, here } = connected(() => new Promise((resolve) => (shown = resolve)));
    for (let index = 0; index < 5; index++) reader.sendPreview(Uint8Array.of(index), -20);
    expect(here.sent.length).toBe(1);
    shown();
    await turn();
    reader.sendPreview(Uint8Array.of(9), -3);
    expect(here.sent).toEqual([
      { type: 'preview', peakDb: -20, payload: Uint8Array.of(0) },
      { type: 'preview', peakDb: -3, payload: Uint8Array.of(9) },
    ]);
  });

  it.each([
    ['garbage', Uint8Array.of(1, 2, 3)],
    [
      'a message that only the engine may send',
      serializeChannelMessage({ type: 'credit', bytes: 1 }),
    ],
    [
      'a control message, which only the engine may send',
      serializeChannelMessage({ type: 'request-keyframe' }),
    ],
    ['a message that is too large', new Uint8Array(maxChannelMessageBytes + 1).fill(3)],
  ])('closes the channel on %s', async (_, bytes) => {
    const { reader, here, there } = connected();
    there.send(bytes);
    expect(reader.closed).toBe(true);
    expect(here.closed).toBe(true);
    expect(await reader.read(never)).toBeUndefined();
  });

  it('closes the channel of a sender that ignores its credits', () => {
    const { reader, there } = connected();
    const bytes = serializeChannelMessage(container(mebi));
    let sent = 0;
    for (; !reader.closed && sent < 100; sent++) there.send(bytes);
    expect(reader.closed).toBe(true);
    expect(sent * mebi).toBeLessThanOrEqual(2 * initialChannelCredits + 2 * mebi);
  });

  it('asks nothing of a window that is gone', () => {
    const { reader, here } = connected();
    reader.close();
    reader.sendControl({ type: 'request-keyframe' });
    expect(here.sent).toEqual([]);
  });

  it('stops waiting when its reader gives up, and loses nothing by it', async () => {
    const { reader, writer } = connected();
    const impatient = new AbortController();
    const read = reader.read(impatient.signal);
    impatient.abort();
    expect(await read).toBeUndefined();
    await writer.write({ type: 'account', account });
    expect(await reader.read(never)).toEqual({ type: 'account', account });
  });

  it('tells of its close once, and at once whoever asks later', () => {
    const { reader, there } = connected();
    const told: string[] = [];
    reader.onClose(() => told.push('early'));
    reader.onClose(() => told.push('gone'))();
    there.close();
    reader.close();
    reader.onClose(() => told.push('late'));
    expect(told).toEqual(['early', 'late']);
  });
});
