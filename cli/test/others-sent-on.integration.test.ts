import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { livePublishers } from '../../test/support/live-publishers.js';
import {
  decodeErrors,
  decodeTimes,
  hashedPackets,
  strictlyRising,
} from '../../test/support/media.js';
import { hasNginxRtmp, startNginxRtmp, type NginxRtmp } from '../../test/support/nginx.js';
import { until } from '../../test/support/until.js';
import { buildCli, killLeftovers, startCli, type JsonLine } from './run-cli.js';

// What others publish to `publish --source stream:` is on air at another server as it is, and a slate when they have gone.

const deadlineMs = 400_000;
const seconds = 10;
let folder = '';
let nginx: NginxRtmp;

beforeAll(buildCli);

describe.skipIf(!hasNginxRtmp())('to publish (needs nginx)', () => {
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tallylight-sent-on-'));
    nginx = await startNginxRtmp();
  });
  afterEach(async () => {
    killLeftovers();
    await nginx.stop();
    await rm(folder, { recursive: true, force: true });
  });

  for (const publisher of livePublishers) {
    test.skipIf(!publisher.isHere)(
      `${publisher.name} is sent on bit by bit, and a slate behind it (needs ${publisher.needs})`,
      async () => {
        const command = startCli(
          [
            ...['publish', '--source', 'stream:live/one', '--listen', '127.0.0.1:0', '--json'],
            ...['--to', `${nginx.serverUrl}/on`],
          ],
          { killAfterMs: deadlineMs },
        );
        const { publishTo } = await command.line(({ state }) => state === 'listening');
        const [url = ''] = publishTo as string[];
        const publishing = await publisher.start(url, folder);
        try {
          const has = (frames: number) => (line: JsonLine) =>
            line.type === 'stats' && (line['video'] as { frames: number }).frames > frames;
          await command.line(has(seconds * publisher.fps));
          await publishing.end();
          await command.line(({ presence }) => presence === 'slate');
          const all = await hashedPackets(publishing.sent, 'v:0');
          await command.line(has(all.length + 3 * publisher.fps));
        } finally {
          await publishing.end();
          command.child.kill('SIGINT');
        }
        const { code, stderr, summary } = await command.done;
        expect(code, stderr).toBe(6);
        const file = join(folder, 'on.flv');
        await until('the recording', async () => {
          await copyFile(await nginx.recording('on'), file);
          return true;
        });
        expect(await decodeErrors(file)).toBe('');
        for (const track of ['v:0', 'a:0'] as const)
          expect(strictlyRising(await decodeTimes(file, track))).toBe(true);
        const received = (await hashedPackets(file, 'v:0')).map(({ hash }) => hash);
        const sent = (await hashedPackets(publishing.sent, 'v:0')).map(({ hash }) => hash);
        const from = sent.indexOf(received[0] ?? '');
        expect(from).toBeGreaterThanOrEqual(0);
        // What it has kept of itself may be more than what it has published at the end.
        const slateAt = received.findIndex((hash, index) => hash !== sent[from + index]);
        expect(slateAt).toBeGreaterThan((seconds - 1) * publisher.fps);
        const slate = received.slice(slateAt);
        expect(slate.length).toBeGreaterThan(2 * publisher.fps);
        expect(slate.filter((hash) => sent.includes(hash))).toEqual([]);
        expect(summary.destinations).toMatchObject([
          { framesSent: received.length, framesDropped: 0 },
        ]);
      },
      deadlineMs,
    );
  }
});
