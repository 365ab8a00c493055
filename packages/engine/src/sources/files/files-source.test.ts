import { appError } from '@tallylight/contract';
import type { EncodedPacket } from 'node-rtmp-client';
import { describe, expect, it } from 'vitest';
import { FakeSource, media } from '../../../test/support/fake-source.js';
import { avcConfigurationOf640, videoConfig, videoFrame } from '../../../test/support/packets.js';
import { until } from '../../../../../test/support/until.js';
import { toErrorInfo } from '../../app-error.js';
import type { PreparableSource } from '../ffmpeg/restartable-source.js';
import { FileList } from './file-list.js';
import { FilesSource } from './files-source.js';

class FakeFile extends FakeSource implements PreparableSource {
  readonly #refused: Error | undefined;

  constructor(lengthMs: number, refused: Error | undefined) {
    super();
    this.#refused = refused;
    this.push(...media(0, lengthMs));
    this.end();
  }

  prepare(): Promise<void> {
    return this.#refused ? Promise.reject(this.#refused) : Promise.resolve();
  }
}

const gone = (file: string): Error =>
  appError('FILE_UNREADABLE', { file, reason: 'no' }, { phase: 'camera' });

/** Plays files whose names say how many milliseconds they have; those of none cannot be read. */
function play(...names: readonly string[]) {
  const list = new FileList((path) =>
    Promise.resolve({ durationMs: parseInt(path) || 0, canCopy: true }),
  );
  list.add(names);
  const opened: string[] = [];
  const sources: FakeFile[] = [];
  const source = new FilesSource({
    ...{ list, fps: 25 },
    open: ({ path }, startMs) => {
      opened.push(startMs === 0 ? path : `${path} from ${startMs}`);
      const lengthMs = parseInt(path) || 0;
      const file = new FakeFile(lengthMs - startMs, lengthMs === 0 ? gone(path) : undefined);
      sources.push(file);
      return file;
    },
    makeSlate: () =>
      Promise.resolve({
        ...{ config: { ...videoConfig(), payload: avcConfigurationOf640 }, fps: 25 },
        group: [videoFrame(0, true, 7), videoFrame(40, false, 7)],
      }),
    previewCopy: () => Promise.resolve(),
  });
  const packets: EncodedPacket[] = [];
  const over = new AbortController();
  const ended = (async () => {
    for await (const packet of source.packets(over.signal)) packets.push(packet);
  })();
  const { playback } = source.control;
  if (!playback) throw new Error('it cannot be led');
  /** The names of what was on, as far as the list was told. */
  const on: string[] = [];
  list.onChange(() => {
    const { files, playback: now } = list.state;
    const name = now?.isPaused ? 'pause' : files.find(({ id }) => id === now?.id)?.name;
    if (name !== undefined && name !== on.at(-1)) on.push(name);
  });
  return { list, opened, sources, packets, ended, stop: () => over.abort(), playback, on };
}

const timesOf = (packets: readonly EncodedPacket[]): number[] =>
  packets
    .filter(({ track, type }) => track === 'video' && type === 'frame')
    .map(({ dts }) => Math.round(dts / 1000));
const steps = (count: number): number[] => Array.from({ length: count }, (_, i) => i * 40);

describe('FilesSource', () => {
  it('plays what can be played, without a gap, says beside the others why not, and ends', async () => {
    const { list, opened, packets, ended, on, sources } = play('200.a', 'x', '120.b', 'y');
    await ended;
    expect(on).toEqual(['200.a', '120.b']);
    expect(opened).toEqual(['200.a', 'x', '120.b', 'y']);
    expect(timesOf(packets)).toEqual(steps(8));
    expect(list.state.files.map(({ error }) => error?.code)).toEqual([
      ...[undefined, 'FILE_UNREADABLE', undefined, 'FILE_UNREADABLE'],
    ]);
    expect(list.state.playback).toBeUndefined();
    expect(sources.filter(({ isOpen }) => isOpen).every(({ isClosed }) => isClosed)).toBe(true);
  });

  it('heeds what becomes of the list while it is on', async () => {
    // The first is long enough for a busy machine to see it on.
    const { list, packets, ended, on, playback, stop } = play('9000.a', '120.b', '160.c');
    await until('the first', () => on.length === 1 && timesOf(packets).length > 1);
    list.move(list.state.files[2]?.id ?? '', 1);
    await list.remove(list.state.files[2]?.id ?? '');
    list.update({ repeat: true });
    await playback.next();
    await until('the first once more', () => on.length === 3);
    stop();
    await ended;
    expect(on).toEqual(['9000.a', '160.c', '9000.a']);
    const times = timesOf(packets);
    expect(times).toEqual(steps(times.length));
  });

  it('is led to the next file, to another place, and into a pause from which it goes on where it was', async () => {
    const { list, opened, packets, ended, on, playback } = play('4000.a', '9000.b');
    const at = (name: string) => () => on.at(-1) === name;
    await until('the first', at('4000.a'));
    // Of one picture nobody knows how long it is.
    await until('its second picture', () => timesOf(packets).length > 1);
    await playback.next();
    await until('the second', at('9000.b'));
    await playback.pause();
    await until('the pause', at('pause'));
    await playback.pause();
    const { positionMs = NaN } = list.state.playback ?? {};
    expect(positionMs).toBeGreaterThanOrEqual(0);
    // A busy machine has heard of the pause late; but it is in the second.
    expect(positionMs).toBeLessThan(9000);
    await playback.seek(8000);
    expect(list.state.playback).toMatchObject({ isPaused: true, positionMs: 8000 });
    await playback.resume();
    await until('the second again', at('9000.b'));
    await playback.seek(20_000);
    await ended;
    expect(opened.filter((each) => each.includes('from'))).toEqual([
      ...['9000.b from 8000', '9000.b from 8500'],
    ]);
    const times = timesOf(packets);
    expect(times).toEqual(steps(times.length));
    const configs = packets.filter(({ track, type }) => track === 'video' && type === 'config');
    expect(configs).toHaveLength(3);
    await expect(playback.next()).rejects.toThrow('NOT_PLAYING');
  });

  it('ends with what is wrong where nothing can be played, also where it is repeated', async () => {
    const { list, ended } = play('x', 'y');
    list.update({ repeat: true });
    const error = await ended.catch((caught: unknown) => toErrorInfo(caught));
    expect(error).toMatchObject({ code: 'FILE_UNREADABLE' });
    await expect(play().ended).rejects.toThrow('FILE_LIST_EMPTY');
  });

  it('stays where it is when what it was led to cannot be played', async () => {
    const { list, ended, on, playback, stop } = play('4000.a', 'x');
    await until('the first', () => on.length === 1);
    list.move(list.state.files[1]?.id ?? '', 0);
    await playback.next();
    expect(list.state.files[0]?.error?.code).toBe('FILE_UNREADABLE');
    expect(on).toEqual(['4000.a']);
    stop();
    await ended;
  });
});
