import type { SeenPicture } from './picture-raster.js';

/** Pictures that moved apart by this much, on the average of all cells, can be told apart. Of 255. */
const leastMotion = 0.4;
/** How alike what was captured and what is played must be, 0 to 1. */
const leastCorrelation = 0.8;
/** And by how much less alike at every other time: a scene that repeats itself, or hardly changes, fits everywhere. */
const leastLead = 0.04;
/** What is nearer than this to a time is no other time. Milliseconds. */
const samePlaceMs = 500;

const matching = {
  /** How much of what is played is matched, and the least of it. Milliseconds. */
  spanMs: 6_000,
  leastSpanMs: 4_000,
  /** Pictures in it at least. */
  leastPictures: 16,
  /** The longest delay that is looked for. Milliseconds. */
  longestMs: 30_000,
} as const;

const coarseStepMs = 40;
const fineStepMs = 5;

export type MatchedDelay =
  | { readonly type: 'matched'; readonly delayMs: number; readonly correlation: number }
  /** Too little moves to tell one time from another. */
  | { readonly type: 'still' }
  /** It fits nowhere, or in several places. */
  | { readonly type: 'unsure'; readonly correlation: number }
  /** There are not enough pictures yet. */
  | { readonly type: 'too-few' };

/**
 * How late what is played is, from what changes in both: the time by which the fingerprints of the one have to be shifted
 * to go with those of the other. What stands still, and how bright it all is, does not count.
 *
 * @param captured in their order, seen by the same clock as
 * @param played in their order.
 */
export function matchDelay(
  captured: readonly SeenPicture[],
  played: readonly SeenPicture[],
): MatchedDelay {
  const newest = played.at(-1)?.at ?? 0;
  const recent = played.filter(({ at }) => at > newest - matching.spanMs);
  const [oldest] = recent;
  const [firstCaptured] = captured;
  if (!oldest || !firstCaptured || newest - oldest.at < matching.leastSpanMs)
    return { type: 'too-few' };
  if (recent.length < matching.leastPictures) return { type: 'too-few' };
  const wanted = withoutMeans(recent.map(({ cells }) => cells));
  if (wanted.motion < leastMotion) return { type: 'still' };

  const correlationAt = correlator(captured, recent, wanted.cells);
  const longest = Math.min(matching.longestMs, oldest.at - firstCaptured.at);
  let best = { delayMs: 0, correlation: -1 };
  const tried: (typeof best)[] = [];
  for (let delayMs = 0; delayMs <= longest; delayMs += coarseStepMs) {
    const correlation = correlationAt(delayMs);
    if (correlation === undefined) continue;
    tried.push({ delayMs, correlation });
    if (correlation > best.correlation) best = { delayMs, correlation };
  }
  if (tried.length === 0) return { type: 'too-few' };
  const elsewhere = tried.filter(({ delayMs }) => Math.abs(delayMs - best.delayMs) > samePlaceMs);
  const second = Math.max(-1, ...elsewhere.map(({ correlation }) => correlation));
  // Without another time to compare with, nothing says that this one is right.
  const isSure = best.correlation >= leastCorrelation && best.correlation - second >= leastLead;
  if (!isSure || elsewhere.length === 0) return { type: 'unsure', correlation: best.correlation };
  for (
    let delayMs = best.delayMs - coarseStepMs, end = best.delayMs + coarseStepMs;
    delayMs <= end;
  ) {
    const correlation = correlationAt(delayMs) ?? -1;
    if (correlation > best.correlation) best = { delayMs, correlation };
    delayMs += fineStepMs;
  }
  return { type: 'matched', ...best };
}

/** What changes in each cell, and by how much on the average. */
function withoutMeans(pictures: readonly Float32Array[]): {
  readonly cells: readonly Float32Array[];
  readonly motion: number;
} {
  const count = pictures[0]?.length ?? 0;
  const means = new Float32Array(count);
  for (const cells of pictures)
    for (let cell = 0; cell < count; cell++)
      means[cell] = (means[cell] ?? 0) + (cells[cell] ?? 0) / pictures.length;
  let squares = 0;
  const moved = pictures.map((cells) =>
    cells.map((value, cell) => {
      const change = value - (means[cell] ?? 0);
      squares += change * change;
      return change;
    }),
  );
  return { cells: moved, motion: Math.sqrt(squares / Math.max(1, count * pictures.length)) };
}

/** Between two pictures that are further apart than this nobody knows what there was. Milliseconds. */
const widestGapMs = 500;

/**
 * How alike what is played, of which `changes` is what changes in it, and what was captured are over time, each cell about
 * its own mean; as a function of the delay. `undefined` where nothing is known of what would have been captured then.
 *
 * It is asked some hundreds of times in a row, so it makes nothing anew and looks at each number once.
 */
function correlator(
  captured: readonly SeenPicture[],
  played: readonly SeenPicture[],
  changes: readonly Float32Array[],
): (delayMs: number) => number | undefined {
  const count = changes[0]?.length ?? 0;
  const sums = new Float64Array(count);
  let ownSquares = 0;
  for (const change of changes) for (const value of change) ownSquares += value * value;
  return (delayMs) => {
    sums.fill(0);
    let product = 0;
    let squares = 0;
    let next = firstAfter(captured, (played[0]?.at ?? 0) - delayMs);
    for (let index = 0; index < played.length; index++) {
      const time = (played[index]?.at ?? 0) - delayMs;
      while (next < captured.length && (captured[next]?.at ?? 0) < time) next++;
      const before = captured[next - 1];
      const after = captured[next];
      const change = changes[index];
      if (!before || !after || !change || after.at - before.at > widestGapMs) return undefined;
      const share = (time - before.at) / (after.at - before.at);
      const [from, to] = [before.cells, after.cells];
      for (let cell = 0; cell < count; cell++) {
        const first = from[cell] ?? 0;
        const value = first + ((to[cell] ?? 0) - first) * share;
        product += (change[cell] ?? 0) * value;
        squares += value * value;
        sums[cell] = (sums[cell] ?? 0) + value;
      }
    }
    for (const sum of sums) squares -= (sum * sum) / played.length;
    return squares > 0 && ownSquares > 0 ? product / Math.sqrt(ownSquares * squares) : 0;
  };
}

/** Index of the first picture at or after `time`. */
function firstAfter(captured: readonly SeenPicture[], time: number): number {
  let low = 0;
  let high = captured.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((captured[middle]?.at ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
