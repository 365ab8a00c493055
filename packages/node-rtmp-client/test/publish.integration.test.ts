import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  clip,
  countFrames,
  decodeErrors,
  decodeTimes,
  probe,
  strictlyRising,
} from '../../../test/support/media.js';
import { hasNginxRtmp, startNginxRtmp, type NginxRtmp } from '../../../test/support/nginx.js';
import {
  FlvDemuxer,
  parseRtmpUrl,
  play,
  publish,
  type FlvItem,
  type PhaseEvent,
} from '../src/index.js';

const run = promisify(execFile);

function demux(flv: Uint8Array): FlvItem[] {
  const demuxer = new FlvDemuxer();
  const items = demuxer.push(flv);
  demuxer.end();
  return items;
}

if (!hasNginxRtmp())
  console.warn('Without nginx and its RTMP module, tests against it are skipped.');

describe.runIf(hasNginxRtmp())('against nginx-rtmp', () => {
  let folder: string;
  let nginx: NginxRtmp;
  let items: FlvItem[];
  /** Frames that need several chunks each. */
  let heavy: FlvItem[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'node-rtmp-client-'));
    nginx = await startNginxRtmp();
    const flv = join(folder, 'clip.flv');
    await run('ffmpeg', ['-v', 'error', '-t', '5', '-i', await clip(folder), '-c', 'copy', flv]);
    items = demux(await readFile(flv));
    const noise = join(folder, 'noise.flv');
    await run('ffmpeg', [
      ...['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=10,noise=alls=60:allf=t'],
      ...['-f', 'lavfi', '-i', 'sine', '-t', '5', '-c:v', 'libx264', '-preset', 'ultrafast'],
      ...['-qp', '18', '-g', '10', '-pix_fmt', 'yuv420p', '-c:a', 'aac', noise],
    ]);
    heavy = demux(await readFile(noise));
  });

  afterAll(async () => {
    await nginx.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('publishes, and what is recorded decodes cleanly and completely', async () => {
    const phases: PhaseEvent[] = [];
    const publisher = await publish({
      address: parseRtmpUrl(nginx.serverUrl),
      streamKey: 'published',
      onPhase: (event) => phases.push(event),
    });
    for (const item of items) await publisher.writeItem(item);
    await publisher.ping();
    expect(publisher.stats.bytesQueued).toBe(0);
    expect(publisher.stats.bytesAcknowledged).toBeGreaterThan(0);
    expect(publisher.stats.bytesAcknowledged).toBeLessThanOrEqual(publisher.stats.bytesSent);
    await publisher.close();
    expect(await publisher.closed).toBeUndefined();
    expect(phases.map(({ phase, state }) => `${phase} ${state}`)).toEqual(
      ['dns', 'tcp', 'handshake', 'connect', 'publish'].flatMap((p) => [
        `${p} started`,
        `${p} done`,
      ]),
    );

    const recording = await nginx.recording('published');
    expect(await decodeErrors(recording)).toBe('');
    const streams = await probe(recording);
    expect(streams.map((s) => s.codec_name).sort()).toEqual(['aac', 'h264']);
    const sent = items.filter(
      (i) => i.type === 'packet' && i.packet.track === 'video' && i.packet.type === 'frame',
    );
    expect(await countFrames(recording)).toBe(sent.length);
    expect(strictlyRising(await decodeTimes(recording, 'v:0'))).toBe(true);
    expect(strictlyRising(await decodeTimes(recording, 'a:0'))).toBe(true);
  });

  it.each([
    { name: 'over the 24-bit mark, 4 h 39 m', startMs: 0xffffff - 2_500 },
    { name: 'over 31 bits, 24.8 days', startMs: 2 ** 31 - 2_500 },
  ])('publishes $name', async ({ name, startMs }) => {
    const streamKey = `late-${startMs}`;
    const publisher = await publish({ address: parseRtmpUrl(nginx.serverUrl), streamKey });
    let frames = 0;
    let longest = 0;
    for (const item of heavy) {
      if (item.type !== 'packet') continue;
      const { pts, dts } = item.packet;
      const shift = startMs * 1000;
      await publisher.write({ ...item.packet, pts: pts + shift, dts: dts + shift });
      if (item.packet.track === 'video' && item.packet.type === 'frame') frames++;
      longest = Math.max(longest, item.packet.payload.length);
    }
    // So that the extended time stamp stands before continued chunks too.
    expect(longest).toBeGreaterThan(60_000);
    await publisher.ping();
    await publisher.close();
    const recording = await nginx.recording(streamKey);
    expect(await decodeErrors(recording), name).toBe('');
    expect(await countFrames(recording)).toBe(frames);
    expect(strictlyRising(await decodeTimes(recording, 'v:0'))).toBe(true);
  });

  it('plays what ffmpeg publishes', async () => {
    const address = parseRtmpUrl(nginx.serverUrl);
    const player = await play({ address, streamKey: 'from-ffmpeg' });
    const ffmpeg = run('ffmpeg', [
      ...['-v', 'error', '-i', join(folder, 'clip.flv')],
      ...['-c', 'copy', '-f', 'flv', `${nginx.serverUrl}/from-ffmpeg`],
    ]);
    const frames = { video: 0, audio: 0 };
    const configs = new Set<string>();
    for await (const item of player) {
      if (item.type !== 'packet') continue;
      if (item.packet.type === 'config') configs.add(item.packet.track);
      else frames[item.packet.track]++;
      if (frames.video >= 100) break;
    }
    expect([...configs].sort()).toEqual(['audio', 'video']);
    expect(frames.audio).toBeGreaterThan(frames.video);
    await player.close();
    expect(await player.closed).toBeUndefined();
    await ffmpeg;
  });
});
