import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { setFlagsFromString } from 'node:v8';
import { promisify } from 'node:util';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../../../test/support/until.js';
import {
  LiveHub,
  liveHandlers,
  parseRtmpUrl,
  play,
  publish,
  RtmpServer,
  type EncodedPacket,
  type FlvItem,
  type LiveHubOptions,
  type RtmpError,
  type RtmpPlayer,
  type RtmpServerLimits,
} from '../src/index.js';

const run = promisify(execFile);

let server: RtmpServer | undefined;
let hub: LiveHub;
let url: string;
const errors: RtmpError[] = [];
const children = new Set<ChildProcess>();

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
  await server?.close();
  errors.length = 0;
});

async function serve(options: LiveHubOptions = {}, limits: RtmpServerLimits = {}): Promise<void> {
  hub = new LiveHub(options);
  const onError = (error: RtmpError): void => void errors.push(error);
  server = new RtmpServer({ ...liveHandlers(hub), onError }, { limits });
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
  url = `rtmp://127.0.0.1:${port}/live`;
}

const address = () => parseRtmpUrl(url, { withKey: false });
const players = (name = 'one'): number => hub.find('live', name)?.info.players ?? 0;

/** ffmpeg, publishing in real time with one keyframe and no more. */
async function ffmpegPublishes(name: string): Promise<void> {
  const picture = ['-re', '-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25'];
  const sound = ['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000', '-c:a', 'aac'];
  const video = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '100000', '-sc_threshold', '0'];
  const to = ['-pix_fmt', 'yuv420p', '-f', 'flv', `${url}/${name}`];
  children.add(
    spawn('ffmpeg', ['-v', 'error', '-nostdin', ...picture, ...sound, ...video, ...to], {
      stdio: 'ignore',
    }),
  );
  await until('the stream', () => hub.find('live', name)?.info.video?.width === 320);
}

const packet = (fields: Partial<EncodedPacket>, bytes = 100): EncodedPacket =>
  ({
    ...{ track: 'video', codec: 'h264', type: 'frame', keyframe: false },
    ...{ pts: fields.dts ?? 0, dts: 0, payload: new Uint8Array(bytes) },
    ...fields,
  }) as EncodedPacket;

async function take(player: RtmpPlayer, count: number): Promise<FlvItem[]> {
  const items: FlvItem[] = [];
  for await (const item of player) if (items.push(item) >= count) break;
  return items;
}

describe('who joins late', () => {
  it('has a picture at once, long after the only keyframe', async () => {
    await serve();
    await ffmpegPublishes('one');
    const early = await play({ address: address(), streamKey: 'one' });
    await take(early, 60);
    for (const options of [[], ['-rtmp_live', 'live']]) {
      const { stdout, stderr } = await run('ffmpeg', [
        ...['-v', 'error', '-nostdin', ...options, '-i', `${url}/one`, '-frames:v', '20'],
        ...['-map', '0:v', '-f', 'framemd5', '-'],
      ]);
      expect(stderr).toBe('');
      expect(stdout.split('\n').filter((line) => line.startsWith('0,')).length).toBe(20);
    }
    const { stdout } = await run('ffprobe', [
      ...['-v', 'error', '-show_entries', 'stream=codec_name', '-of', 'csv=p=0', `${url}/one`],
    ]);
    expect(stdout.trim().split('\n').sort()).toEqual(['aac', 'h264']);
  });

  it('is told of every track and its colours, before the frames', async () => {
    await serve();
    const publisher = await publish({ address: address(), streamKey: 'one' });
    const head: FlvItem[] = [
      { type: 'metadata', value: { width: 1920 } },
      { type: 'packet', packet: packet({ codec: 'hevc', type: 'config', keyframe: true }) },
      {
        type: 'packet',
        packet: packet({ codec: 'av1', type: 'config', keyframe: true, trackId: 1 }),
      },
      {
        ...{ type: 'color-info', trackId: 0, timestamp: 0, codec: 'hevc' },
        value: { colorConfig: { bitDepth: 10 } },
      },
      { type: 'packet', packet: packet({ track: 'audio', codec: 'opus', type: 'config' }) },
    ];
    for (const item of head) await publisher.writeItem(item);
    // A NAL unit with its length.
    const payload = Uint8Array.of(0, 0, 0, 1, 0x26);
    // What was said first is of 20 days ago; 24 are as far as one step of a time stamp can go.
    for (const [trackId, codec] of [...(['hevc', 'av1'] as const).entries()]) {
      const dts = 20 * 86_400_000_000;
      await publisher.write(packet({ codec, trackId, keyframe: true, dts, pts: dts, payload }));
    }
    await publisher.ping();
    const items = await take(await play({ address: address(), streamKey: 'one' }), 7);
    const lines = items.map((item) => {
      if (item.type !== 'packet') return item.type;
      const { codec, type, trackId = 0, dts } = item.packet;
      return `${codec} ${type} ${trackId}, day ${dts / 86_400_000_000}`;
    });
    expect(lines).toEqual([
      ...['metadata', 'hevc config 0, day 20', 'av1 config 1, day 20', 'color-info'],
      ...['opus config 0, day 20', 'hevc frame 0, day 20', 'av1 frame 1, day 20'],
    ]);
    await publisher.close();
  });
});

describe('two publishers of one name', () => {
  it('the second is rejected, and the first goes on', async () => {
    await serve();
    const first = await publish({ address: address(), streamKey: 'one' });
    const second = publish({ address: address(), streamKey: 'one' });
    await expect(second).rejects.toMatchObject({ code: 'stream-busy' });
    await first.write(packet({ keyframe: true }));
    await first.close();
    expect(errors).toEqual([]);
  });

  it('or takes over: the first is told, and the players go on', async () => {
    await serve({ duplicatePublisher: 'replace' });
    const first = await publish({ address: address(), streamKey: 'one' });
    await first.write(packet({ keyframe: true, dts: 0 }));
    await first.write(packet({ dts: 1_000_000, pts: 1_000_000 }));
    const player = await play({ address: address(), streamKey: 'one' });
    const taken = take(player, 4);
    await until('the player', () => players() === 1);
    const second = await publish({ address: address(), streamKey: 'one' });
    expect(await first.closed).toMatchObject({ code: 'stream-busy' });
    await second.write(packet({ dts: 0 }));
    await second.write(packet({ keyframe: true, dts: 40_000, pts: 40_000 }));
    await second.write(packet({ dts: 80_000, pts: 80_000 }));
    const times = (await taken).map((item) => item.type === 'packet' && item.packet.dts / 1000);
    expect(times).toEqual([0, 1000, 1080, 1120]);
    await second.close();
    expect(await player.closed).toBeUndefined();
  });
});

describe('a player that does not read', () => {
  const frameBytes = 256 * 1024;
  const group = 20;

  /** Publishes frames as fast as `others` take them, with their number in them. */
  async function publishFrames(count: number, others: (frame: number) => Promise<void>) {
    const publisher = await publish({ address: address(), streamKey: 'one' });
    const write = async (frame: number): Promise<void> => {
      const time = frame * 40_000;
      const payload = new Uint8Array(frameBytes);
      new DataView(payload.buffer).setUint32(0, frame);
      const keyframe = frame % group === 0;
      await publisher.write(packet({ keyframe, pts: time, dts: time, payload }));
    };
    await write(0);
    return async () => {
      for (let frame = 1; frame < count; frame += 1) {
        await write(frame);
        await others(frame);
      }
      await publisher.close();
    };
  }

  /** What buffers hold that somebody can still reach: what nobody can is let go of a while after it was collected. */
  async function heldBytes(): Promise<number> {
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    let before = Infinity;
    for (;;) {
      collectGarbage();
      await new Promise((done) => setImmediate(done));
      const { arrayBuffers } = process.memoryUsage();
      if (arrayBuffers >= before) return arrayBuffers;
      before = arrayBuffers;
    }
  }

  const numberOf = (item: FlvItem): number =>
    item.type === 'packet'
      ? new DataView(item.packet.payload.buffer, item.packet.payload.byteOffset).getUint32(0)
      : NaN;

  it('costs itself alone: bounded memory, every frame for the others, and a keyframe to go on', async () => {
    await serve({ maxQueuedBytes: 8 * 1024 * 1024 });
    // The last one is a keyframe: whoever waits for one has it.
    const total = 50 * group + 1;
    const received: number[] = [];
    let wake: (() => void) | undefined;
    const others = async (frame: number): Promise<void> => {
      while ((received.at(-1) ?? -1) < frame) await new Promise<void>((done) => (wake = done));
      if (frame % 50 === 0) peak = Math.max(peak, (await heldBytes()) - before);
    };
    const publishAll = await publishFrames(total, others);
    const stalled = await play({ address: address(), streamKey: 'one' });
    const good = await play({ address: address(), streamKey: 'one' });
    const reading = (async () => {
      for await (const item of good) {
        received.push(numberOf(item));
        wake?.();
      }
    })();
    await until('both players', () => players() === 2);
    const before = await heldBytes();
    let peak = 0;
    await publishAll();
    await reading;
    expect(received).toEqual(Array.from({ length: total }, (_, frame) => frame));
    // Queue, group of pictures, reads of every socket, and what the clients keep: all in this process.
    expect(peak).toBeLessThan((total * frameBytes) / 4);
    expect(peak).toBeGreaterThan(0);

    const late: number[] = [];
    for await (const item of stalled) late.push(numberOf(item));
    const resumed = late.filter((frame, i) => i > 0 && frame !== (late[i - 1] ?? 0) + 1);
    expect(late.length).toBeLessThan(total);
    expect(resumed.length).toBeGreaterThan(0);
    expect(resumed.filter((frame) => frame % group !== 0)).toEqual([]);
  });

  it('is disconnected when it takes nothing for too long', async () => {
    await serve({ maxQueuedBytes: 8 * 1024 * 1024 }, { stallMs: 200 });
    const publishAll = await publishFrames(200, () => Promise.resolve());
    const stalled = await play({ address: address(), streamKey: 'one' });
    await Promise.all([publishAll(), until('the end', () => errors.length > 0)]);
    expect(errors).toMatchObject([{ code: 'timeout', phase: 'streaming' }]);
    stalled.abort();
    await stalled.closed;
  });
});
