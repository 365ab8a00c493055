/** What the worker is told. */
export interface FuzzOrders {
  readonly seed: number;
  readonly seconds: number;
  readonly inputs: number;
  /** The name of the only target to run. */
  readonly only: string | undefined;
  /** The input that is being run, shared with the watchdog. */
  readonly current: Uint8Array;
  /** The number of the input, of its target, and the length of the input. */
  readonly progress: Int32Array;
}

export type FuzzReport =
  | {
      readonly type: 'failure';
      readonly target: string;
      readonly bytes: Uint8Array;
      readonly runSeed: number;
      readonly why: string;
    }
  | { readonly type: 'done'; readonly total: number; readonly counts: Record<string, number> };
