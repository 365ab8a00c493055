import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { until } from '../../../test/support/until.js';
import { strictlyRising } from '../../../test/support/media.js';
import { measure } from './judge.js';
import { tryCase } from './matrix.js';
import { obs, streamWithObs } from './obs-peer.js';
import { ourPlayer, ourServer } from './our-peer.js';
import { openWorkbench } from './workbench.js';

const enoughBytes = 300_000;
/** It counts what its sending thread has been given, and that throws away what is of the moment when it is stopped. */
const mayDropAtTheEnd = 2;

it('OBS Studio publishes to us', { timeout: 150_000 }, (context) => {
  const [serves, plays] = [ourServer(), ourPlayer()];
  const note =
    'encoded while it is sent: no frame is missing between those that came; OBS may count a last one that it does not send';
  return tryCase(context, { publishes: obs, serves, plays, note }, async () => {
    const bench = await openWorkbench();
    const serving = await serves.start();
    const [url, file] = [serving.urlOf('obs'), join(bench.folder, 'obs.flv')];
    const playing = plays.play(url, file);
    try {
      await serving.hasPlayer('obs');
      const sent = await streamWithObs(bench.folder, url, bench.clip, async () => {
        await until(
          'enough of the stream',
          async () => (await stat(file)).size > enoughBytes,
          30_000,
        );
      });
      await playing.finish();
      const { complaints, video, audio } = await measure(file);
      expect(complaints).toBe('');
      expect([video?.codec, audio?.codec]).toEqual(['h264', 'aac']);
      const came = video?.frames ?? 0;
      expect(came).toBeLessThanOrEqual(sent ?? Infinity);
      expect(came).toBeGreaterThanOrEqual((sent ?? 0) - mayDropAtTheEnd);
      const times = video?.decodeTimes ?? [];
      expect(times.length).toBeGreaterThan(1);
      expect(times.every((time, i) => i === 0 || time - (times[i - 1] ?? NaN) === 100)).toBe(true);
      expect(strictlyRising(audio?.decodeTimes ?? [])).toBe(true);
      expect(audio?.frames).toBeGreaterThan(0);
      return `${video?.frames}/${sent ?? 'unsaid'} video, ${audio?.frames} audio`;
    } finally {
      await playing.stop();
      await serving.stop();
      await bench.remove();
    }
  });
});
