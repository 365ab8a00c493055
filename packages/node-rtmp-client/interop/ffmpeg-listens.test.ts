import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { freePort } from '../../../test/support/free-port.js';
import { until } from '../../../test/support/until.js';
import { RtmpError } from '../src/index.js';
import { compare, measure } from './judge.js';
import { tryCase } from './matrix.js';
import { ourPlayer, ourPublisher } from './our-peer.js';
import { PeerProcess } from './peer-process.js';
import { openWorkbench, type Workbench } from './workbench.js';

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench();
});
afterAll(() => bench.remove());

const serves = { name: 'ffmpeg -listen 1' };
const openUrl = async (): Promise<string> => `rtmp://127.0.0.1:${await freePort()}/live/key`;

/** It takes one client and says nothing when it is ready: whoever tries too early is refused. */
const onceItListens = <T>(attempt: () => Promise<T>): Promise<{ value: T }> =>
  until('ffmpeg to listen', async () => {
    try {
      return { value: await attempt() };
    } catch (error) {
      if (error instanceof RtmpError && error.code === 'refused') return false;
      throw error;
    }
  });

describe('ffmpeg as a listening server', () => {
  it('takes what we publish', (context) =>
    tryCase(
      context,
      { publishes: ourPublisher(), serves, plays: { name: 'ffmpeg itself' } },
      async () => {
        const [url, file] = [await openUrl(), join(bench.folder, 'listened.flv')];
        const ffmpeg = new PeerProcess('ffmpeg', [
          ...['-v', 'error', '-f', 'flv', '-listen', '1', '-i', url],
          ...['-c', 'copy', '-f', 'flv', file],
        ]);
        try {
          await onceItListens(() => ourPublisher().publish(url, bench.clip));
          await ffmpeg.finish();
        } finally {
          await ffmpeg.stop('SIGKILL');
        }
        return compare(bench.sent, await measure(file));
      },
    ));

  it('plays to us', (context) =>
    tryCase(
      context,
      { publishes: { name: 'ffmpeg itself' }, serves, plays: ourPlayer() },
      async () => {
        const [url, file] = [await openUrl(), join(bench.folder, 'served.flv')];
        const ffmpeg = new PeerProcess('ffmpeg', [
          ...['-v', 'error', '-i', bench.clip, '-c', 'copy'],
          ...['-f', 'flv', '-listen', '1', url],
        ]);
        try {
          await onceItListens(async () => {
            const playing = ourPlayer().play(url, file);
            try {
              await playing.finish();
            } finally {
              await playing.stop();
            }
          });
          await ffmpeg.finish();
        } finally {
          await ffmpeg.stop('SIGKILL');
        }
        return compare(bench.sent, await measure(file));
      },
    ));
});
