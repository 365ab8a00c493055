import { expect, vi } from 'vitest';
import {
  LiveHub,
  parseRtmpUrl,
  play,
  playFrom,
  publishInto,
  RtmpServer,
  type FlvItem,
  type LiveFeed,
  type PlayOptions,
  type RtmpClientEvent,
  type RtmpPlayer,
} from '../../src/index.js';
import { shiftItem } from '../../src/flv/item-time.js';
import type { Message } from '../../src/message/message.js';
import { audioConfig, delta, key, sound, videoConfig } from './live-items.js';
import {
  answerAsUsual,
  startScriptedServer,
  type ScriptedPeer,
  type ScriptedServer,
} from './scripted-server.js';

/** The stream that is played. */
export const streamKey = 'camera';
const stops: (() => Promise<unknown>)[] = [];

/** Ends, after the test, what was started for it. */
export const stopLater = (stop: () => Promise<unknown>): number => stops.push(stop);

export async function stopAll(): Promise<void> {
  await Promise.all(stops.splice(0).map((stop) => stop()));
}

export const addressOf = (port: number) => parseRtmpUrl(`rtmp://127.0.0.1:${port}/live`);
/** The pace of the streams, so that those who carry them keep up. */
export const turn = () => new Promise<void>((resolve) => setTimeout(resolve, 1));
/** Goes on, but not after its test has failed. */
export async function until(done: () => boolean, meanwhile: () => unknown = () => undefined) {
  for (let turns = 0; !done(); turns++) {
    if (turns > 4_000) throw new Error('it never came');
    await meanwhile();
    await turn();
  }
}

/** A server from which everybody can play what is live. */
export async function origin() {
  const hub = new LiveHub();
  const playing = new Set<unknown>();
  const server = new RtmpServer({
    onPublish: async (ingest) => {
      await publishInto(hub, ingest);
    },
    onPlay: async (playback) => {
      playing.add(playback);
      void playback.closed.then(() => playing.delete(playback));
      await playFrom(hub, playback);
    },
  });
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
  stopLater(async () => {
    hub.closeAll();
    await server.close();
  });
  return {
    ...{ server, port, hub },
    tcUrl: `rtmp://127.0.0.1:${port}/live`,
    players: () => playing.size,
    feed: (): LiveFeed => {
      const feed = hub.publish('live', streamKey, () => undefined);
      if (typeof feed === 'string') throw new Error(feed);
      return feed;
    },
  };
}

/** Says that lengths have four bytes; frames are then passed on as they are. */
export function avcConfig(bytes: number): FlvItem {
  const config = videoConfig(0, bytes);
  config.packet.payload.fill(0xff);
  return config;
}

/** Groups of a keyframe, other frames and sound, 40 ms each; no two frames are alike. */
export function* pictures(groupLength = 5): Generator<FlvItem> {
  yield { type: 'metadata', value: { width: 640 } };
  yield avcConfig(12);
  yield audioConfig(0);
  for (let i = 0; ; i++) {
    const frame = i % groupLength === 0 ? key(i * 40_000, 30) : delta(i * 40_000, 20);
    new DataView(frame.packet.payload.buffer).setUint32(8, i);
    yield frame;
    yield sound(i * 40_000);
  }
}

export function* soundOnly(): Generator<FlvItem> {
  yield audioConfig(0);
  for (let i = 0; ; i++) yield sound(i * 20_000);
}

/** Gives the same items to several, each a while after the one before it. */
export function broadcast(
  items: Generator<FlvItem>,
  targets: { feed: LiveFeed; late?: number; shift?: number }[],
) {
  const sent: FlvItem[] = [];
  const next = (): void => {
    const { value } = items.next() as { value: FlvItem };
    sent.push(value);
    for (const { feed, late = 0, shift = 0 } of targets) {
      const item = sent[sent.length - 1 - late];
      if (item !== undefined) feed.push(shiftItem(item, shift));
    }
  };
  return {
    sent,
    some: (count: number): void => {
      for (let i = 0; i < count; i++) next();
    },
    until: (done: () => boolean): Promise<void> => until(done, next),
  };
}

/** A player whose items are collected as they come. */
export async function playing(port: number, options: Partial<PlayOptions> = {}) {
  const events: RtmpClientEvent[] = [];
  const player = await play({
    address: addressOf(port),
    streamKey,
    onEvent: (event) => events.push(event),
    ...options,
  });
  stopLater(() => player.close());
  const items: FlvItem[] = [];
  const done = collect(player, items);
  const has = (type: RtmpClientEvent['type']): boolean => events.some((e) => e.type === type);
  return { player, items, events, done, has };
}

async function collect(player: RtmpPlayer, items: FlvItem[]): Promise<void> {
  for await (const item of player) items.push(item);
}

const show = (item: FlvItem): string => {
  if (item.type !== 'packet') return item.type;
  const { track, type, dts, keyframe, payload } = item.packet;
  return `${track} ${type} ${dts / 1000} ${keyframe ? 'key' : ''} ${Buffer.from(payload).toString('hex')}`;
};
/** What was played is what was sent from some item on, each once. */
export function expectWhole(items: readonly FlvItem[], sent: readonly FlvItem[]): void {
  const isFrame = (item: FlvItem) => item.type === 'packet' && item.packet.type === 'frame';
  const played = items.filter(isFrame).map(show);
  const all = sent.filter(isFrame).map(show);
  const from = all.indexOf(played[0] ?? '');
  expect(played.length).toBeGreaterThan(0);
  expect(played).toEqual(all.slice(from, from + played.length));
}

/** Goes through the seconds from `begin` until `done`; as many as there were. */
export async function seconds(begin: () => void, done: () => boolean): Promise<number> {
  const later = setTimeout;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    begin();
    for (let passed = 0; ; passed++) {
      await new Promise((resolve) => later(resolve, 2));
      if (done()) return passed;
      if (passed > 1_000) throw new Error('it never came');
      await vi.advanceTimersByTimeAsync(1_000);
    }
  } finally {
    vi.useRealTimers();
  }
}

/** A server that says what the script does, or what servers usually say. */
export async function scripted(
  script: (peer: ScriptedPeer, message: Message) => void = answerAsUsual,
): Promise<ScriptedServer> {
  const server = await startScriptedServer(script);
  stopLater(() => server.stop());
  return server;
}
