import { appError, type AppErrorInfo } from '@tallylight/contract';
import type { EncodedPacket } from 'node-rtmp-client';
import { describe, expect, it } from 'vitest';
import { FakeSource, media } from '../../../test/support/fake-source.js';
import {
  audioConfig,
  avcConfigurationOf640,
  videoConfig,
  videoFrame,
} from '../../../test/support/packets.js';
import { toErrorInfo } from '../../app-error.js';
import type { PreparableSource } from '../ffmpeg/restartable-source.js';
import type { MeasuredMedia } from '../media-source.js';
import { PlaylistSource } from './playlist-source.js';

/** What a file of the test gives: packets, then its end or an error. */
interface FakeFile {
  readonly packets?: readonly EncodedPacket[];
  readonly error?: Error;
  /** What is wrong with it as soon as somebody looks. */
  readonly refused?: Error;
  readonly measured?: MeasuredMedia;
  readonly hasVideo?: boolean;
}

class FakeFileSource extends FakeSource implements PreparableSource {
  readonly #refused: Error | undefined;
  readonly measured: MeasuredMedia | undefined;
  readonly hasVideo: boolean;

  constructor({ packets = [], error, refused, measured, hasVideo = true }: FakeFile) {
    super({ hasAudio: packets.some(({ track }) => track === 'audio') });
    this.#refused = refused;
    this.measured = measured;
    this.hasVideo = hasVideo;
    this.push(...packets);
    if (error) this.fail(error);
    else this.end();
  }

  prepare(): Promise<void> {
    return this.#refused ? Promise.reject(this.#refused) : Promise.resolve();
  }
}

const silentMedia = (toMs: number): EncodedPacket[] => [
  videoConfig(),
  ...media(0, toMs).filter(({ track, type }) => track === 'video' && type === 'frame'),
];

const unreadable = (file: string): Error =>
  appError('FILE_UNREADABLE', { file, reason: 'no' }, { phase: 'camera' });

/** Plays a list of these files to its end, or until `most` packets have come. */
async function play(
  files: Readonly<Record<string, FakeFile>>,
  { loop = false, most = Infinity, order = Object.keys(files) } = {},
) {
  const opened: FakeFileSource[] = [];
  const failures: AppErrorInfo[] = [];
  const begun: string[] = [];
  const source = new PlaylistSource({
    ...{ files: order, loop },
    open: (path) => {
      const file = new FakeFileSource(files[path] ?? {});
      opened.push(file);
      return file;
    },
    onFile: (file, number) => begun.push(`${number} ${file}`),
    onFailure: (error) => failures.push(error),
  });
  const packets: EncodedPacket[] = [];
  let error: AppErrorInfo | undefined;
  const over = new AbortController();
  try {
    for await (const packet of source.packets(over.signal)) {
      packets.push(packet);
      if (packets.length >= most) break;
    }
  } catch (caught) {
    error = toErrorInfo(caught);
  }
  return { source, packets, opened, failures, begun, error };
}

const timesOf = (packets: readonly EncodedPacket[], track: EncodedPacket['track']): number[] =>
  packets
    .filter((packet) => packet.track === track && packet.type === 'frame')
    .map(({ dts }) => Math.round(dts / 1000));

const steps = (count: number, ms: number): number[] =>
  Array.from({ length: count }, (_, i) => i * ms);

describe('PlaylistSource', () => {
  it('goes from file to file on one clock, without a gap in picture or sound', async () => {
    const { packets, begun, opened } = await play({
      a: { packets: media(0, 120) },
      b: { packets: media(0, 80) },
      c: { packets: media(0, 120) },
    });
    expect(timesOf(packets, 'video')).toEqual(steps(8, 40));
    expect(timesOf(packets, 'audio')).toEqual(steps(16, 20));
    expect(begun).toEqual(['1 a', '2 b', '3 c']);
    expect(packets.filter(({ type }) => type === 'config')).toHaveLength(2);
    expect(opened.every(({ isClosed }) => isClosed)).toBe(true);
  });

  it('sends the frames of a loop as they are, each time', async () => {
    const once = media(0, 120);
    const { packets } = await play({ a: { packets: once } }, { loop: true, most: 2 + 3 * 9 });
    expect(timesOf(packets, 'video')).toEqual(steps(9, 40));
    expect(timesOf(packets, 'audio')).toEqual(steps(18, 20));
    const frames = (of: readonly EncodedPacket[]) =>
      of.filter(({ type }) => type === 'frame').map(({ track, payload }) => [track, payload]);
    expect(frames(packets)).toEqual([...frames(once), ...frames(once), ...frames(once)]);
  });

  it('tells another size before its keyframe and within it', async () => {
    const other = { ...videoConfig(), payload: avcConfigurationOf640 };
    const { packets } = await play({
      a: { packets: media(0, 80) },
      b: { packets: [other, audioConfig(), videoFrame(0, true)] },
    });
    const [config, keyframe] = packets.slice(-2);
    expect(config).toMatchObject({ type: 'config', payload: avcConfigurationOf640 });
    expect(keyframe?.payload.length).toBeGreaterThan(videoFrame(0, true).payload.length);
  });

  it('leaves out what cannot be read, says so once, and goes on without a gap', async () => {
    const { packets, begun, failures, error } = await play(
      {
        a: { packets: media(0, 80) },
        gone: { refused: unreadable('gone') },
        torn: {
          packets: media(0, 40),
          error: appError('FILE_DAMAGED', { file: 'torn', reason: 'x' }),
        },
        empty: {},
        b: { packets: media(0, 80) },
      },
      { order: ['a', 'gone', 'torn', 'empty', 'gone', 'b'] },
    );
    expect(error).toBeUndefined();
    expect(begun).toEqual(['1 a', '3 torn', '6 b']);
    expect(timesOf(packets, 'video')).toEqual(steps(5, 40));
    const said = failures.map(({ code, data }) => [code, data['file']]);
    expect(said).toEqual([
      ['FILE_UNREADABLE', 'gone'],
      ['SOURCE_EMPTY', undefined],
      ['FILE_DAMAGED', 'torn'],
    ]);
  });

  it('ends with what is wrong where nothing can be sent, also in a loop', async () => {
    const refused = { refused: unreadable('gone') };
    expect((await play({ gone: refused })).error?.code).toBe('FILE_UNREADABLE');
    const empty = await play({ empty: {} }, { loop: true });
    expect(empty.error?.code).toBe('SOURCE_EMPTY');
    expect(empty.packets).toEqual([]);
  });

  it('puts silence beside a picture without sound, where others have some', async () => {
    const { source, packets } = await play({
      mute: { packets: silentMedia(400) },
      b: { packets: media(0, 80) },
    });
    expect(source.hasAudio).toBe(true);
    const sound = packets.filter(({ track }) => track === 'audio');
    expect(sound[0]?.type).toBe('config');
    const times = timesOf(packets, 'audio');
    const gaps = times.slice(1).map((time, i) => time - (times[i] ?? 0));
    expect(times[0]).toBe(0);
    expect(Math.max(...gaps)).toBeLessThan(35);
    expect(Math.min(...gaps)).toBeGreaterThan(10);
    const none = await play({ mute: { packets: silentMedia(80) } });
    expect(none.source.hasAudio).toBe(false);
    expect(timesOf(none.packets, 'audio')).toEqual([]);
  });

  it('refuses, before it begins, a file of another codec that is to be sent as it is', async () => {
    const { error, packets } = await play({
      a: { packets: media(0, 80), measured: { videoCodec: 'h264' } },
      b: { packets: media(0, 80), measured: { videoCodec: 'hevc' } },
    });
    expect(packets).toEqual([]);
    expect(error).toMatchObject({
      code: 'FILE_NOT_COPYABLE',
      data: { file: 'b', reason: { reason: 'other-codec', data: { first: 'a', other: 'h264' } } },
    });
  });

  it('goes on from sound to sound where there is no picture', async () => {
    const sound = media(0, 80).filter(({ track }) => track === 'audio');
    const { source, packets } = await play({
      a: { packets: sound, hasVideo: false },
      b: { packets: sound, hasVideo: false },
    });
    expect(source.hasVideo).toBe(false);
    expect(timesOf(packets, 'audio')).toEqual(steps(8, 20));
  });

  it('opens the next file while one is on, and keeps to the time of day', async () => {
    const startedAt = performance.now();
    const { opened, packets } = await play({
      a: { packets: media(0, 400) },
      b: { packets: media(0, 400) },
    });
    // No more of it than its head was read before its turn; but for what a timer may be early, it lasts as it should.
    expect(performance.now() - startedAt).toBeGreaterThan(700);
    expect(timesOf(packets, 'video')).toHaveLength(20);
    expect(opened).toHaveLength(2);
  });
});
