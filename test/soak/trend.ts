export interface Trend {
  /** Of the straight line through the values: per unit of the places. */
  readonly slope: number;
  /** Between these two lies the true slope, 95 times of 100. */
  readonly low: number;
  readonly high: number;
}

/** The quantile 0.975 of the normal distribution. */
const z = 1.959_964;

/** The same of Student's t, by its expansion (Abramowitz and Stegun, 26.7.5): within 0.3 % from four degrees on. */
function studentT(degrees: number): number {
  const g1 = (z ** 3 + z) / 4;
  const g2 = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96;
  const g3 = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384;
  return z + g1 / degrees + g2 / degrees ** 2 + g3 / degrees ** 3;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, each) => sum + each, 0) / values.length;

/**
 * A line by least squares through the means of blocks of `size` values that follow each other: neighbours are alike, and as
 * single values would make the interval look narrower than it is.
 *
 * @param values as pairs of a place and a value, in the order of the places; at least five blocks of them.
 */
export function trend(values: readonly (readonly [number, number])[], size: number): Trend {
  const count = Math.floor(values.length / size);
  if (count < 5) throw new RangeError(`${values.length} values are too few for blocks of ${size}`);
  const blocks = Array.from({ length: count }, (_, index) => {
    const block = values.slice(index * size, (index + 1) * size);
    return [mean(block.map(([x]) => x)), mean(block.map(([, y]) => y))] as const;
  });
  const [middleX, middleY] = [mean(blocks.map(([x]) => x)), mean(blocks.map(([, y]) => y))];
  const sum = (of: (x: number, y: number) => number): number =>
    blocks.reduce((total, [x, y]) => total + of(x - middleX, y - middleY), 0);
  const squares = sum((x) => x * x);
  const slope = sum((x, y) => x * y) / squares;
  const residue = sum((x, y) => (y - slope * x) ** 2);
  const degrees = count - 2;
  const half = studentT(degrees) * Math.sqrt(residue / degrees / squares);
  return { slope, low: slope - half, high: slope + half };
}
