/**
 * On which level each mark stands, 0 at the top, so that those of one moment stand below each other and can be counted.
 *
 * @param places where they are from left to right, in any unit and order.
 * @param width of one, in the same unit.
 * @param most how many levels there are; what has no room is on the last.
 */
export function markLevels(
  places: readonly number[],
  { width, most }: { readonly width: number; readonly most: number },
): readonly number[] {
  const levels: number[] = [];
  for (const [index, place] of places.entries()) {
    const taken = new Set(
      levels.filter((_, other) => Math.abs((places[other] ?? Infinity) - place) < width),
    );
    let level = 0;
    while (taken.has(level)) level++;
    levels[index] = Math.min(level, Math.max(0, most - 1));
  }
  return levels;
}
