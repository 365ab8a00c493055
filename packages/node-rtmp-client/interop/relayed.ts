import { join } from 'node:path';
import { compare, measure } from './judge.js';
import type { Player, Publisher, Serving } from './roles.js';
import type { Workbench } from './workbench.js';

let streams = 0;

/**
 * One plays a stream that the other publishes, through a server; the player is there first, so that it can miss nothing.
 *
 * @returns what the matrix says of it.
 * @throws Error that says what did not come as it was sent.
 */
export async function relayed(
  bench: Workbench,
  { publishes, serving, plays }: { publishes: Publisher; serving: Serving; plays: Player },
): Promise<string> {
  const streamName = `stream${++streams}`;
  const [url, file] = [serving.urlOf(streamName), join(bench.folder, `${streamName}.flv`)];
  const playing = plays.play(url, file);
  try {
    await serving.hasPlayer(streamName);
    await publishes.publish(url, bench.clip);
    const end = await playing.finish();
    return compare(bench.sent, await measure(file), {
      flatTimes: publishes.flatTimes,
      mayLoseLast: plays.mayLoseLast?.by === end ? plays.mayLoseLast.why : undefined,
    });
  } finally {
    await playing.stop();
  }
}
