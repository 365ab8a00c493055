import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import {
  FlvDemuxer,
  parseRtmpUrl,
  publish,
  RtmpServer,
  type MediaPacket,
  type PacketItem,
} from 'node-rtmp-client';
import { accepts } from '../../test/support/accepts.js';
import { FaultRig } from '../../test/support/fault-rig/fault-rig.js';
import { freePort } from '../../test/support/free-port.js';
import { until } from '../../test/support/until.js';
import { rounded } from './cost-table.js';
import { usualFlv } from './media.js';

export const liveDestinations = 7;
const mediaSeconds = 30;
const measuredSeconds = 15;

/** A frame, and no other, ends like this. */
const nameOf = ({ payload }: MediaPacket): string =>
  `${payload.length} ${Buffer.from(payload.subarray(-12)).toString('hex')}`;

export interface LatencyFigures {
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Frames, over all destinations, that did not come. */
  readonly missing: number;
}

/**
 * From a frame's being published to `tallylight publish --source stream:…` to its coming to each of seven servers. With
 * `withDead` there are three more, which were live and then died: one refuses, one is a black hole, one reads no more.
 */
export async function destinationsLatency(
  program: string,
  withDead: boolean,
): Promise<LatencyFigures> {
  const flv = await readFile(await usualFlv(mediaSeconds));
  const items = new FlvDemuxer()
    .push(flv)
    .filter((item): item is PacketItem => item.type === 'packet');
  const arrivals = new Map<string, number[]>();
  const published = new Set<string>();
  const server = new RtmpServer({
    onPublish: (ingest) => {
      published.add(ingest.streamName);
      ingest.accept((item) => {
        if (item.type !== 'packet' || item.packet.track !== 'video') return;
        if (!ingest.streamName.startsWith('live')) return;
        const name = nameOf(item.packet);
        const list = arrivals.get(name);
        if (list) list.push(performance.now());
        else arrivals.set(name, [performance.now()]);
      });
    },
  });
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
  const rigs = withDead
    ? await Promise.all([1, 2, 3].map((seed) => FaultRig.start({ to: { port }, seed })))
    : [];
  const listen = await freePort();
  const targets = [
    ...Array.from({ length: liveDestinations }, (_, index) => ({ port, name: `live${index}` })),
    ...rigs.map((rig, index) => ({ port: rig.port, name: `dead${index}` })),
  ];
  const child = spawn(
    process.execPath,
    [
      ...[program, 'publish', '--source', 'stream:in/late', '--listen', `127.0.0.1:${listen}`],
      ...targets.flatMap((each) => ['--to', `rtmp://127.0.0.1:${each.port}/app/${each.name}`]),
    ],
    { stdio: 'ignore' },
  );
  const exited = once(child, 'exit');
  try {
    await until('the broadcast to listen', () => accepts(listen));
    const address = parseRtmpUrl(`rtmp://127.0.0.1:${listen}/in`, { withKey: false });
    const publisher = await publish({ address, streamKey: 'late' });
    const sentAt = new Map<string, number>();
    let counted: { readonly from: number; readonly to: number } | undefined;
    const startedAt = performance.now();
    for (const item of items) {
      const now = performance.now();
      const waitMs = startedAt + item.packet.dts / 1000 - now;
      if (waitMs > 0) await delay(waitMs);
      if (!counted && targets.every(({ name }) => published.has(name))) {
        void kill(rigs);
        // What has just died is still being written to.
        counted = { from: now + 2_000, to: now + 2_000 + measuredSeconds * 1_000 };
      }
      if (counted && now > counted.to + 1_000) break;
      if (item.packet.track === 'video') sentAt.set(nameOf(item.packet), performance.now());
      await publisher.writeItem(item);
    }
    if (!counted) throw new Error('not all destinations were live in time');
    const { from, to } = counted;
    const names = [...sentAt].filter(([, at]) => at >= from && at < to);
    const latencies = names
      .flatMap(([name, at]) => (arrivals.get(name) ?? []).map((arrived) => arrived - at))
      .sort((a, b) => a - b);
    await publisher.close();
    return {
      p50: rounded(at(latencies, 0.5), 2),
      p99: rounded(at(latencies, 0.99), 2),
      missing: names.length * liveDestinations - latencies.length,
    };
  } finally {
    child.kill('SIGINT');
    await exited;
    await Promise.all(rigs.map((rig) => rig.stop()));
    await server.close();
  }
}

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.floor(sorted.length * share)] ?? NaN;

/** Each in its own way. */
async function kill([refusing, blackHole, stalled]: readonly FaultRig[]): Promise<void> {
  await refusing?.apply({ reset: true, link: 'refused' });
  await blackHole?.apply({ link: 'cut' });
  await stalled?.apply({ stall: 'up' });
}
