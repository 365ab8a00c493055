import { stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

const lookEveryMs = 50;

const sizeOf = (file: string): Promise<number> =>
  stat(file).then(
    ({ size }) => size,
    () => 0,
  );

/** Resolves once a file that has begun to grow has not grown for a while: a player that nobody tells of the end. */
export async function stopsGrowing(
  file: string,
  quietMs = 1_500,
  deadlineMs = 30_000,
): Promise<void> {
  const started = performance.now();
  let [size, since] = [0, started];
  for (;;) {
    const [now, current] = [performance.now(), await sizeOf(file)];
    if (current !== size) [size, since] = [current, now];
    if (size > 0 && now - since >= quietMs) return;
    if (now - started >= deadlineMs)
      throw new Error(`${size} bytes were played in ${deadlineMs} ms`);
    await delay(lookEveryMs);
  }
}
