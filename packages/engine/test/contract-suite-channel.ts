import { describe, expect, it, vi } from 'vitest';
import {
  initialChannelCredits,
  maxChannelMessageBytes,
  MediaChannelWriter,
  parseChannelMessage,
  serializeChannelMessage,
  type ChannelMessage,
  type ControlMessage,
} from '@tallylight/contract';
import { container, mebi, never, type ContractFixture } from './contract-fixture.js';

/** The media channel: order, credits, preview, and what closes it. */
export function channelTests(current: () => ContractFixture): void {
  describe('the media channel', () => {
    it('carries frames whole and in order', async () => {
      const { engine, window } = current();
      const writer = new MediaChannelWriter(window.channel);
      const frames = Array.from({ length: 50 }, (_, index): ChannelMessage => {
        const payload = new Uint8Array(10 * index).fill(index);
        const times = { pts: index * 33_333.5, dts: index * 33_333 };
        return { type: 'frame', track: 'video', keyframe: index % 10 === 0, ...times, payload };
      });
      for (const frame of frames) await writer.write(frame);
      for (const frame of frames) expect(await engine.channel.read(never)).toEqual(frame);
    });

    it('makes a sender wait that outruns a stalled engine, and loses nothing', async () => {
      const { engine, window } = current();
      const writer = new MediaChannelWriter(window.channel);
      const count = 40;
      let sent = 0;
      const sending = (async () => {
        for (let index = 0; index < count; index++) {
          const payload = new Uint8Array(mebi);
          payload[0] = index;
          await writer.write({ type: 'container', payload });
          sent++;
        }
      })();
      // A round trip of procedures is time enough for a sender that would not wait.
      for (let trip = 0; trip < 20; trip++) await window.client.settings.get();
      expect(sent).toBe(initialChannelCredits / mebi);

      for (let index = 0; index < count; index++) {
        const message = await engine.channel.read(never);
        expect(message?.type === 'container' && message.payload[0]).toBe(index);
      }
      await sending;
      expect(sent).toBe(count);
    });

    it('has one preview in flight', async () => {
      const { engine, window } = current();
      const shown: (() => void)[] = [];
      const pictures: number[] = [];
      const writer = new MediaChannelWriter(window.channel, (jpeg) => {
        pictures.push(jpeg[0] ?? -1);
        return new Promise((resolve) => shown.push(resolve));
      });
      for (let index = 0; index < 10; index++)
        engine.channel.sendPreview(Uint8Array.of(index), -20);
      await vi.waitFor(() => expect(pictures).toEqual([0]));
      await window.client.settings.get();
      expect(pictures).toEqual([0]);
      shown[0]?.();
      await vi.waitFor(() => {
        engine.channel.sendPreview(Uint8Array.of(10), -20);
        expect(pictures).toEqual([0, 10]);
      });
      expect(writer.credits).toBe(initialChannelCredits);
    });

    it('brings the engine’s control messages to the window, also while its credits are spent', async () => {
      const { engine, window } = current();
      const writer = new MediaChannelWriter(window.channel);
      const asked: ControlMessage[] = [];
      writer.onControl((message) => asked.push(message));
      await writer.write(container(initialChannelCredits));
      const messages: ControlMessage[] = [
        { type: 'set-video-bitrate', bitrate: 1_500_000 },
        { type: 'request-keyframe' },
        { type: 'set-video-bitrate', bitrate: 100_000_000 },
      ];
      for (const message of messages) engine.channel.sendControl(message);
      await vi.waitFor(() => expect(asked).toEqual(messages));
      expect(engine.channel.closed).toBe(false);
    });

    it.each([
      ['garbage', () => Uint8Array.of(1, 2, 3)],
      ['an unknown message', () => new Uint8Array(24).fill(77)],
      ['more than a message may hold', () => new Uint8Array(maxChannelMessageBytes + 1).fill(3)],
      [
        'what only the engine may send',
        () => serializeChannelMessage({ type: 'credit', bytes: 1_000_000 }),
      ],
      [
        'a control message from the window',
        () => serializeChannelMessage({ type: 'set-video-bitrate', bitrate: 1_000_000 }),
      ],
    ])('is closed by %s', async (_, bytes) => {
      const { engine, window } = current();
      const closed = new Promise<void>((resolve) => window.channel.onClose(resolve));
      const { channel } = engine;
      window.channel.send(bytes());
      await closed;
      expect(channel.closed).toBe(true);
      expect(await channel.read(never)).toBeUndefined();
    });

    it('tells the window when the engine closes it, and a waiting writer with it', async () => {
      const { engine, window } = current();
      const writer = new MediaChannelWriter(window.channel);
      await writer.write(container(initialChannelCredits));
      const waiting = writer.write(container(1));
      const rejected = expect(waiting).rejects.toThrow('ENGINE_GONE');
      engine.channel.close();
      await rejected;
    });

    it('gives credits only for what was read', async () => {
      const { engine, window } = current();
      const credits: number[] = [];
      window.channel.onMessage((bytes) => {
        const message = parseChannelMessage(bytes);
        if (message?.type === 'credit') credits.push(message.bytes);
      });
      window.channel.send(serializeChannelMessage(container(mebi)));
      await engine.channel.read(never);
      await vi.waitFor(() => expect(credits).toEqual([mebi + 24]));
    });
  });
}
