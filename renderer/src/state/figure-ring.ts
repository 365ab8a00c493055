interface Column {
  readonly values: Float32Array;
  /** The row, counted from the first one ever, that has its newest value. */
  newest: number;
}

/**
 * Figures over time: rows of named numbers beside the moments at which they were taken, of which the newest `capacity` are
 * kept. A column begins where it has its first value, and is gone once its last one is; of more than `mostColumns`, that
 * whose last value is the oldest makes room. So it never holds more than `capacity` × `mostColumns` numbers.
 */
export class FigureRing {
  readonly #capacity: number;
  readonly #mostColumns: number;
  readonly #times: Float64Array;
  readonly #columns = new Map<string, Column>();
  #rows = 0;

  constructor(capacity: number, mostColumns: number) {
    this.#capacity = capacity;
    this.#mostColumns = mostColumns;
    this.#times = new Float64Array(capacity);
  }

  get length(): number {
    return Math.min(this.#rows, this.#capacity);
  }

  get names(): readonly string[] {
    return [...this.#columns.keys()];
  }

  clear(): void {
    this.#rows = 0;
    this.#columns.clear();
  }

  /** @param time of the row, later than that of the row before. What is not in `values` is unknown then. */
  push(time: number, values: ReadonlyMap<string, number>): void {
    const row = this.#rows;
    const slot = row % this.#capacity;
    this.#times[slot] = time;
    for (const { values: numbers } of this.#columns.values()) numbers[slot] = NaN;
    for (const [name, value] of values) {
      const column = this.#columns.get(name) ?? this.#begin(name);
      column.values[slot] = value;
      column.newest = row;
    }
    this.#rows = row + 1;
    for (const [name, { newest }] of this.#columns) {
      if (row - newest >= this.#capacity) this.#columns.delete(name);
    }
  }

  /** The time of a row, 0 being the oldest that is kept. */
  time(index: number): number {
    return this.#times[this.#slot(index)] ?? NaN;
  }

  /** NaN where it is not known. */
  value(name: string, index: number): number {
    return this.#columns.get(name)?.values[this.#slot(index)] ?? NaN;
  }

  #slot(index: number): number {
    return (Math.max(0, this.#rows - this.#capacity) + index) % this.#capacity;
  }

  #begin(name: string): Column {
    if (this.#columns.size >= this.#mostColumns) {
      const [oldest] = [...this.#columns].sort(([, a], [, b]) => a.newest - b.newest);
      if (oldest) this.#columns.delete(oldest[0]);
    }
    const column = { values: new Float32Array(this.#capacity).fill(NaN), newest: this.#rows };
    this.#columns.set(name, column);
    return column;
  }
}
