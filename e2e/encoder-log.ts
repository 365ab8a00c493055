import type { FrameAccount } from '@tallylight/contract';
import { expect, type Page } from '@playwright/test';
import { until } from '../test/support/until.js';

/** What happened in the worker that encodes, in its order. Times are in microseconds from the start of the stream. */
export type EncoderEvent =
  /** The worker has read a frame of the camera. */
  | { readonly type: 'captured' }
  | { readonly type: 'created'; readonly encoder: number }
  | { readonly type: 'configured'; readonly encoder: number; readonly bitrate: number }
  | { readonly type: 'encoded'; readonly encoder: number; readonly time: number }
  | {
      readonly type: 'output';
      readonly encoder: number;
      readonly time: number;
      readonly bytes: number;
    }
  /** The worker wants no more frames. */
  | { readonly type: 'cancelled' }
  | { readonly type: 'closed'; readonly encoder: number };

const channelName = 'encoder-log';

/** What the browser's own video encoder was told, and what it gave: a second opinion on the engine's figures. */
export interface EncoderLog {
  events(): Promise<EncoderEvent[]>;
  /** All events, once the encoder of the broadcast is closed. */
  closed(): Promise<EncoderEvent[]>;
}

/** Logs what the encoder's worker asks of Chromium. To be called before the page is opened. */
export async function logEncoder(page: Page): Promise<EncoderLog> {
  await page.addInitScript((name) => {
    const events: unknown[] = [];
    Object.assign(globalThis, { encoderEvents: events });
    new BroadcastChannel(name).addEventListener('message', ({ data }) => events.push(data));
  }, channelName);
  await page.route(/\/encoder\.worker[^/]*\.js$/, async (route) => {
    const response = await route.fetch();
    const script = await response.text();
    const body = `(${listenInWorker.toString()})(${JSON.stringify(channelName)});\n${script}`;
    await route.fulfill({ response, body });
  });
  const events = () =>
    page.evaluate(() => (globalThis as unknown as { encoderEvents: EncoderEvent[] }).encoderEvents);
  return {
    events,
    closed: () =>
      until('the encoder to be closed', async () => {
        const all = await events();
        const id = encoderOf(all);
        return all.some((event) => event.type === 'closed' && event.encoder === id) && all;
      }),
  };
}

/** The encoder that is in use: those before it were tried only. */
export function encoderOf(events: readonly EncoderEvent[]): number {
  return events.filter(({ type }) => type === 'created').length;
}

/** The bitrates that the encoder in use was told, in bits per second. */
export function bitratesOf(events: readonly EncoderEvent[]): number[] {
  const id = encoderOf(events);
  return events.flatMap((event) =>
    event.type === 'configured' && event.encoder === id ? [event.bitrate] : [],
  );
}

/** The time of the last picture before the encoder in use was told that bitrate; 0 where none came before. */
export function toldAt(events: readonly EncoderEvent[], bitrate: number): number {
  const id = encoderOf(events);
  const index = events.findIndex(
    (event) => event.type === 'configured' && event.encoder === id && event.bitrate === bitrate,
  );
  if (index < 0) throw new Error(`the encoder was never told ${bitrate}`);
  return outputsOf(events.slice(0, index)).at(-1)?.time ?? 0;
}

/** What the encoder in use gave. */
export function outputsOf(events: readonly EncoderEvent[]): { time: number; bytes: number }[] {
  const id = encoderOf(events);
  return events.flatMap((event) =>
    event.type === 'output' && event.encoder === id ? [event] : [],
  );
}

/** How many frames came from the camera from the first that was encoded until the worker wanted no more. */
export function capturedFrames(events: readonly EncoderEvent[]): number {
  const id = encoderOf(events);
  const first = events.findIndex(({ type, ...event }) => {
    return type === 'encoded' && 'encoder' in event && event.encoder === id;
  });
  const end = events.findIndex(({ type }) => type === 'cancelled');
  const begin = events.slice(0, first).findLastIndex(({ type }) => type === 'captured');
  return events.slice(begin, end).filter(({ type }) => type === 'captured').length;
}

/**
 * The encoder in use was told these bitrates, one after the other, and between them nothing but corrections of what it
 * was told, for what it gave.
 */
export function expectTold(events: readonly EncoderEvent[], bitrates: readonly number[]): void {
  const [first, ...told] = bitratesOf(events);
  let [wanted = NaN, ...later] = bitrates;
  expect(first).toBe(wanted);
  for (const rate of told) {
    if (rate === later[0]) {
      [wanted = NaN, ...later] = later;
    }
    expect(rate / wanted).toBeGreaterThanOrEqual(0.8);
    expect(rate / wanted).toBeLessThanOrEqual(1.25);
  }
  expect(later).toEqual([]);
}

/** Each frame that the worker has read is in the account that the window told, at one place. */
export function expectClosed(
  captured: number,
  encoded: number,
  account: FrameAccount | undefined,
): void {
  if (!account) throw new Error('no account of the frames');
  const { offered, surplus, lost } = account;
  expect(account.encoded).toBe(encoded);
  expect(captured).toBe(encoded + surplus + lost.encoder + lost.channel);
  expect(captured).toBe(offered - lost.reading);
}

/** Runs in the worker, before its own script; it has nothing of this file. */
function listenInWorker(name: string): void {
  const channel = new BroadcastChannel(name);
  const say = (event: EncoderEvent): void => channel.postMessage(event);
  let encoders = 0;

  globalThis.VideoEncoder = class extends VideoEncoder {
    readonly id: number;

    constructor(init: VideoEncoderInit) {
      encoders += 1;
      const encoder = encoders;
      super({
        ...init,
        output: (chunk, metadata) => {
          say({ type: 'output', encoder, time: chunk.timestamp, bytes: chunk.byteLength });
          init.output(chunk, metadata);
        },
      });
      this.id = encoder;
      say({ type: 'created', encoder });
    }

    override configure(configuration: VideoEncoderConfig): void {
      say({ type: 'configured', encoder: this.id, bitrate: configuration.bitrate ?? 0 });
      super.configure(configuration);
    }

    override encode(frame: VideoFrame, options?: VideoEncoderEncodeOptions): void {
      say({ type: 'encoded', encoder: this.id, time: frame.timestamp });
      super.encode(frame, options);
    }

    override close(): void {
      super.close();
      say({ type: 'closed', encoder: this.id });
    }
  };

  const proto = ReadableStreamDefaultReader.prototype;
  const read = Reflect.get(proto, 'read') as (this: unknown) => Promise<{ value?: unknown }>;
  const cancel = Reflect.get(proto, 'cancel') as (this: unknown, why: unknown) => Promise<void>;
  Object.assign(proto, {
    async read(this: unknown) {
      const result = await read.call(this);
      if (result.value instanceof VideoFrame) say({ type: 'captured' });
      return result;
    },
    cancel(this: unknown, why: unknown) {
      say({ type: 'cancelled' });
      return cancel.call(this, why);
    },
  });
}
