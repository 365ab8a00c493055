import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { LiveHub, liveHandlers, parseRtmpUrl, RtmpServer, type FlvItem } from 'node-rtmp-client';
import { expect, test } from 'vitest';
import { until } from '../../../test/support/until.js';
import { createLogger } from '../src/logger.js';
import { StreamRelay } from '../src/server/stream-relay.js';

const logger = createLogger({ level: 'silent' });

/** A keyframe that an AVC decoder would not like: nobody decodes it here. */
const frame = (index: number): FlvItem => ({
  type: 'packet',
  packet: {
    ...{ track: 'video', codec: 'h264', type: 'frame', keyframe: true },
    ...{ pts: index * 40_000, dts: index * 40_000, payload: new Uint8Array(20_000).fill(index) },
  },
});

test('what was handed on is not kept, and nothing more listens to the end of the server', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const warnings: string[] = [];
  const note = ({ name }: Error): number => warnings.push(name);
  process.on('warning', note);
  const there = new LiveHub();
  const target = new RtmpServer(liveHandlers(there));
  const { port } = await target.listen({ host: '127.0.0.1', port: 0 });
  const here = new LiveHub();
  const address = parseRtmpUrl(`rtmp://127.0.0.1:${port}/live`);
  const relay = new StreamRelay(here, { address }, logger, () => undefined);
  try {
    const feed = here.publish('live', 'one', () => undefined);
    if (typeof feed === 'string') throw new Error(feed);
    await until('the stream to arrive', () => there.find('live', 'one'));
    const received = there.find('live', 'one')?.join();
    const kept: WeakRef<Uint8Array>[] = [];
    for (let index = 0; index < 200; index += 1) {
      const item = frame(index);
      if (item.type === 'packet') kept.push(new WeakRef(item.packet.payload));
      feed.push(item);
      // One batch each: the next is pushed when this one has arrived.
      await received?.nextBatch();
    }
    collectGarbage();
    const alive = kept.filter((item) => item.deref() !== undefined).length;
    // The newest is the group for late joiners; the engine may hold some more on its stack.
    expect(kept).toHaveLength(200);
    expect(alive).toBeLessThan(20);
    expect(warnings).toEqual([]);
  } finally {
    process.off('warning', note);
    here.closeAll();
    await relay.close();
    await target.close();
  }
});
