import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { FlvDemuxer, parseRtmpUrl, play, publish, type PacketItem } from 'node-rtmp-client';
import { markdownTable, median, rounded } from './cost-table.js';
import { usualFlv } from './media.js';
import { comparedServers } from './serve-fanout.js';
import { startServer, type ServerName } from './servers.js';

const mediaSeconds = 20;
const measuredSeconds = 10;
/** Before it counts: the player joins, and what is compiled when it runs often is compiled. */
const warmUpMs = 2_000;

/** A frame, and no other, ends like this. */
const nameOf = ({ packet }: PacketItem): string => {
  const { length } = packet.payload;
  return `${length} ${Buffer.from(packet.payload.subarray(-12)).toString('hex')}`;
};

/** Publishes at the stream's own speed and plays at the same time, both from here: when each frame left, and came. */
async function latenciesOf(name: ServerName, items: readonly PacketItem[]): Promise<number[]> {
  const server = await startServer(name);
  const address = parseRtmpUrl(`rtmp://127.0.0.1:${server.port}/live`);
  try {
    const publisher = await publish({ address, streamKey: 'late' });
    const sentAt = new Map<string, number>();
    const latencies: number[] = [];
    const startedAt = performance.now();
    const playing = delay(warmUpMs / 2).then(async () => {
      const player = await play({ address, streamKey: 'late' });
      for await (const item of player) {
        if (item.type !== 'packet' || item.packet.track !== 'video') continue;
        const sent = sentAt.get(nameOf(item));
        const now = performance.now();
        // What a server has kept for who joins is as old as it is.
        if (sent !== undefined && sent > startedAt + warmUpMs) latencies.push(now - sent);
      }
    });
    for (const item of items) {
      const { dts } = item.packet;
      if (dts > (measuredSeconds * 1000 + warmUpMs) * 1000) break;
      const waitMs = startedAt + dts / 1000 - performance.now();
      if (waitMs > 0) await delay(waitMs);
      sentAt.set(nameOf(item), performance.now());
      await publisher.writeItem(item);
    }
    await publisher.close();
    await Promise.race([playing, delay(5_000)]);
    return latencies;
  } finally {
    await server.stop();
  }
}

const of100 = (sorted: readonly number[], at: number): number =>
  sorted[Math.floor((sorted.length * at) / 100)] ?? NaN;

/** What a server adds between RTMP in and RTMP out, to one player. */
export async function relayLatency(runs: number) {
  const flv = await readFile(await usualFlv(mediaSeconds));
  const items = new FlvDemuxer()
    .push(flv)
    .filter((item): item is PacketItem => item.type === 'packet');
  const results = new Map<ServerName, number[][]>(comparedServers.map((name) => [name, []]));
  for (let run = 0; run < runs; run += 1) {
    for (const name of comparedServers) {
      const sorted = (await latenciesOf(name, items)).sort((a, b) => a - b);
      results.get(name)?.push(sorted);
      const words = `${of100(sorted, 50).toFixed(2)} ms, ${sorted.length} frames`;
      process.stderr.write(`${run + 1}/${runs} ${name}: ${words}\n`);
    }
  }
  const figure = (name: ServerName, at: number): number =>
    rounded(median((results.get(name) ?? []).map((sorted) => of100(sorted, at))), 2);
  const frames = (name: ServerName): number =>
    Math.min(...(results.get(name) ?? []).map(({ length }) => length));
  return {
    title: `From RTMP in to RTMP out, one player, ${measuredSeconds} s of frames, milliseconds`,
    table: markdownTable(
      ['', 'median', '95 of 100', 'frames'],
      comparedServers.map((name) => [
        ...[name, `${figure(name, 50)}`, `${figure(name, 95)}`, `${frames(name)}`],
      ]),
    ),
    json: Object.fromEntries(
      comparedServers.map((name) => [
        name,
        { medianMs: figure(name, 50), p95Ms: figure(name, 95) },
      ]),
    ),
  };
}
