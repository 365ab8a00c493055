import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { hasNginxRtmp, startNginxRtmp } from '../../../test/support/nginx.js';
import { parseRtmpUrl, publish, RtmpServer } from '../src/index.js';
import { videoConfig, videoPacket } from './support/session-wire.js';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

describe.runIf(hasNginxRtmp())('the handshake with digests', () => {
  it('[HS-20] is what nginx-rtmp answers, and what we find right', async () => {
    const nginx = await startNginxRtmp();
    stops.push(nginx.stop);
    const address = parseRtmpUrl(nginx.serverUrl);
    const publisher = await publish({ address, streamKey: 'digested', handshake: 'digest' });
    await publisher.write(videoPacket('config', 0, videoConfig));
    await nginx.published('digested');
    await publisher.close();
    // It says so of clients whose digest it does not find, or finds wrong.
    expect(await nginx.errorLog()).not.toMatch(/digest|handshake/i);
  });
});

it('[HS-18] is what ffmpeg, which sends digests, publishes to us with', async () => {
  let arrived: (name: string) => void = () => undefined;
  const name = new Promise<string>((resolve) => {
    arrived = resolve;
  });
  const server = new RtmpServer({
    onPublish: async (ingest) => {
      ingest.accept();
      for await (const item of ingest.items) {
        if (item.type === 'packet' && item.packet.type === 'frame') arrived(ingest.streamName);
      }
    },
  });
  stops.push(() => server.close());
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
  const ffmpeg = spawn(
    'ffmpeg',
    [
      ...['-nostdin', '-f', 'lavfi', '-i', 'sine', '-t', '1', '-c:a', 'aac', '-f', 'flv'],
      `rtmp://127.0.0.1:${port}/live/digested`,
    ],
    { stdio: 'ignore' },
  );
  stops.push(() => ffmpeg.kill('SIGKILL'));
  const [code] = (await once(ffmpeg, 'exit')) as [number];
  expect(code).toBe(0);
  expect(await name).toBe('digested');
});
