import { appError } from '@tallylight/contract';
import type { EncodedPacket } from 'node-rtmp-client';
import { describe, expect, it } from 'vitest';
import { FakeSource, media } from '../../test/support/fake-source.js';
import { audioFrame, videoConfig, videoFrame } from '../../test/support/packets.js';
import { SourceSwitcher, type SourceSwitcherOptions } from './source-switcher.js';

/** Reads a switcher packet by packet, as a broadcast does. */
function setUp(options: Partial<SourceSwitcherOptions> = {}) {
  const first = new FakeSource();
  const switcher = new SourceSwitcher({ name: 'Program', first, ...options });
  const cancel = new AbortController();
  const iterator = switcher.packets(cancel.signal)[Symbol.asyncIterator]();
  const read = async (count: number): Promise<EncodedPacket[]> => {
    const packets: EncodedPacket[] = [];
    while (packets.length < count) {
      const next = await iterator.next();
      if (next.done === true) break;
      packets.push(next.value);
    }
    return packets;
  };
  return { first, switcher, cancel, iterator, read };
}

const pictures = (packets: EncodedPacket[]): string[] =>
  packets
    .filter(({ type, track }) => type === 'frame' && track === 'video')
    .map(({ keyframe, dts }) => `${keyframe ? 'K' : 'p'}${dts / 1000}`);

const withCode = (expected: string) => ({ info: { code: expected } });

describe('SourceSwitcher', () => {
  it('goes over at the first keyframe; the source before goes on until then', async () => {
    const { first, switcher, read } = setUp();
    first.push(...media(0, 80));
    expect(pictures(await read(8))).toEqual(['K0', 'p40']);
    const next = new FakeSource();
    const switched = switcher.switchTo(next);
    next.push(videoConfig(), videoFrame(960));
    first.push(...media(80, 120));
    expect(pictures(await read(3))).toEqual(['p80']);
    next.push(videoFrame(1_000, true), videoFrame(1_040));
    const after = await read(2);
    await switched;
    expect(pictures(after)).toEqual(['K120', 'p160']);
    // The same configuration as before is not repeated.
    expect(after.map(({ type }) => type)).toEqual(['frame', 'frame']);
    expect(switcher.current).toBe(next);
  });

  it('lets an encoder be heard up to the picture whose place another one of its device takes', async () => {
    const { first, switcher, read } = setUp();
    first.push(...media(0, 80));
    await read(8);
    const next = new FakeSource();
    const switched = switcher.switchTo(next, 'takeover');
    next.push(videoConfig(), videoFrame(1_000, true), audioFrame(1_000));
    // What is ready is not taken before the other one's next picture: until then that one's sound comes.
    const cut = read(3);
    first.push(audioFrame(80), audioFrame(100), videoFrame(80));
    await switched;
    const times = (await cut).map(({ track, dts }) => `${track} ${dts / 1000}`);
    expect(times).toEqual(['audio 80', 'audio 100', 'video 80']);
  });

  it('stays when the new source fails or is empty', async () => {
    const { first, switcher, read } = setUp();
    first.push(...media(0, 40));
    await read(5);
    const broken = new FakeSource();
    broken.fail(appError('CAMERA_IN_USE', { device: 'Cam' }));
    const refused = expect(switcher.switchTo(broken)).rejects.toMatchObject(
      withCode('CAMERA_IN_USE'),
    );
    const empty = new FakeSource();
    empty.end();
    first.push(...media(40, 80));
    await read(3);
    await refused;
    const none = expect(switcher.switchTo(empty)).rejects.toMatchObject(withCode('SOURCE_EMPTY'));
    first.push(...media(80, 120));
    expect(pictures(await read(3))).toEqual(['p80']);
    await none;
    expect(switcher.current).toBe(first);
  });

  it('takes the newest of two requests', async () => {
    const { first, switcher, read } = setUp();
    first.push(...media(0, 40));
    await read(5);
    const superseded = expect(switcher.switchTo(new FakeSource())).rejects.toMatchObject(
      withCode('NOT_BROADCASTING'),
    );
    const wanted = new FakeSource();
    wanted.push(...media(0, 40));
    const switched = switcher.switchTo(wanted);
    await superseded;
    const reading = read(1);
    await switched;
    await reading;
    expect(switcher.current).toBe(wanted);
  });

  it('closes the old one first where both need the same device', async () => {
    const { first, switcher, read } = setUp();
    first.push(...media(0, 80));
    await read(8);
    let wasOpen = true;
    const next = new FakeSource();
    const spied = {
      ...{ name: next.name, hasAudio: true, status: next.status },
      packets: (signal: AbortSignal) => {
        wasOpen = !first.isClosed;
        return next.packets(signal);
      },
    };
    next.push(...media(0, 80));
    const switched = switcher.switchTo(spied, 'exclusive');
    const [after] = await read(1);
    await switched;
    expect(wasOpen).toBe(false);
    expect(after?.dts).toBeGreaterThanOrEqual(80_000);
  });

  it('goes on with what comes after an end, without a pause, and after a failure', async () => {
    const second = new FakeSource();
    const third = new FakeSource();
    const ends: string[] = [];
    const { first, read } = setUp({
      after: (end) => {
        ends.push(end.type);
        return ends.length === 1 ? second : ends.length === 2 ? third : undefined;
      },
    });
    first.push(...media(0, 80));
    first.end();
    second.push(...media(0, 80));
    second.fail(appError('CAPTURE_FAILED', { reason: 'unplugged' }));
    third.push(...media(0, 40));
    third.end();
    const all = await read(1_000);
    const times = all.flatMap(({ type, track, dts }) =>
      type === 'frame' && track === 'video' ? [dts / 1000] : [],
    );
    expect(times.slice(0, 4)).toEqual([0, 40, 80, 120]);
    expect(times[4]).toBeGreaterThanOrEqual(160);
    expect(ends).toEqual(['ended', 'failed', 'ended']);
  });

  it('counts the time after the end of what is captured live, until what follows it comes', async () => {
    const next = new FakeSource();
    const { first, read } = setUp({ after: () => next });
    first.capturesLive = true;
    first.push(...media(0, 40));
    first.end();
    await read(5);
    const endedAt = performance.now();
    const reading = read(1);
    await expect.poll(() => next.isOpen).toBe(true);
    await expect.poll(() => performance.now() - endedAt).toBeGreaterThan(200);
    next.push(...media(0, 40));
    const [frame] = (await reading).filter(({ type }) => type === 'frame');
    expect(frame?.dts).toBeGreaterThan(200_000);
  });

  it.each(['overlap', 'exclusive'] as const)(
    'goes to what was asked for while what comes after an end is still being opened (%s)',
    async (handover) => {
      const slow = new FakeSource();
      const { first, switcher, read } = setUp({ after: () => slow });
      first.push(...media(0, 40));
      first.end();
      await read(5);
      const next = new FakeSource();
      next.push(...media(0, 40));
      const reading = read(1);
      await expect.poll(() => slow.isOpen).toBe(true);
      await switcher.switchTo(next, handover);
      expect(pictures(await reading)).toHaveLength(1);
      expect(switcher.current).toBe(next);
      expect(slow.isClosed).toBe(true);
    },
  );

  it('goes to the newest of two that need the same device, while the first is being opened', async () => {
    const { first, switcher, read } = setUp();
    first.push(...media(0, 40));
    await read(5);
    const slow = new FakeSource();
    const superseded = expect(switcher.switchTo(slow, 'exclusive')).rejects.toMatchObject(
      withCode('NOT_BROADCASTING'),
    );
    const reading = read(1);
    await expect.poll(() => slow.isOpen).toBe(true);
    const next = new FakeSource();
    next.push(...media(0, 40));
    await switcher.switchTo(next, 'exclusive');
    await superseded;
    await reading;
    expect(switcher.current).toBe(next);
    expect(slow.isClosed).toBe(true);
  });

  it('fails with its source where nothing comes after it', async () => {
    const { first, read } = setUp();
    first.push(...media(0, 40));
    first.fail(appError('CAPTURE_FAILED', { reason: 'unplugged' }));
    await expect(read(1_000)).rejects.toMatchObject(withCode('CAPTURE_FAILED'));
  });

  it('adds up what its sources lost, and lets the current one be told', async () => {
    const { first, switcher, read } = setUp();
    first.status.droppedFrames = 3;
    first.push(...media(0, 40));
    await read(5);
    const next = new FakeSource();
    const asked: number[] = [];
    next.control = { setVideoBitrate: (bitrate) => void asked.push(bitrate) };
    next.status.droppedFrames = 4;
    next.push(...media(0, 40));
    const switched = switcher.switchTo(next);
    const reading = read(1);
    await switched;
    await reading;
    expect(switcher.status.droppedFrames).toBe(7);
    void switcher.control?.setVideoBitrate?.(1_000_000);
    expect(asked).toEqual([1_000_000]);
  });

  it('ends with its signal, also while it is on its way to another', async () => {
    const { first, switcher, cancel, read } = setUp();
    first.push(...media(0, 40));
    await read(5);
    const abandoned = expect(switcher.switchTo(new FakeSource())).rejects.toMatchObject(
      withCode('NOT_BROADCASTING'),
    );
    const rest = read(1);
    cancel.abort();
    expect(await rest).toEqual([]);
    await abandoned;
    await expect(switcher.switchTo(new FakeSource())).rejects.toMatchObject(
      withCode('NOT_BROADCASTING'),
    );
  });
});
