/** What a graph is made of. Times are milliseconds of whatever clock, values are in whatever unit. */

export interface GraphLine {
  /** The custom property that has its colour, such as `--graph-1`. */
  readonly colour: string;
  /** Lengths of strokes and gaps, in pixels; none for a whole line. */
  readonly dash?: readonly number[];
  readonly kind: 'line' | 'steps';
  /** In pixels; 2 where absent. */
  readonly width?: number;
}

/** A moment that is marked: a short tick at the bottom, or a line from top to bottom with a triangle. */
export interface GraphMark {
  readonly time: number;
  readonly kind: 'tick' | 'down' | 'up';
  readonly colour: string;
}

interface GraphAxes {
  /** The times that are named. */
  readonly ticks: readonly number[];
  readonly timeText: (time: number) => string;
  readonly valueText: (value: number) => string;
}

/** What does not change from one drawing to the next. */
export interface GraphShape {
  readonly lines: readonly GraphLine[];
  readonly hasAxes: boolean;
}

export interface GraphData {
  readonly from: number;
  readonly to: number;
  /** The value at the top; 0 is at the bottom. */
  readonly top: number;
  /** Ascending. */
  readonly times: readonly number[];
  /** Of each line one for each time; null where there is none. */
  readonly values: readonly (readonly (number | null)[])[];
  readonly marks: readonly GraphMark[];
  readonly axes?: GraphAxes;
}
