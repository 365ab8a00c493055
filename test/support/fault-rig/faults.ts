import { z } from 'zod';

const milliseconds = z.number().min(0).max(3_600_000);
const rate = z.union([z.number().min(1).max(1e10), z.literal('unlimited')]);

/** `up` goes from the client to the server. */
export const directions = ['up', 'down'] as const;
export type Direction = (typeof directions)[number];

/** One value for both directions, or one for each; what is not named stays as it is. */
const perDirection = <T extends z.ZodType>(value: T) =>
  z.union([value, z.strictObject({ up: value.optional(), down: value.optional() })]);

const faultShape = {
  /**
   * `cut`: nothing passes, connections stay, new ones wait for it to be `up` again. `refused`: the same, but new ones are
   * refused, as by a system that knows that it has no network.
   */
  link: z.enum(['up', 'cut', 'refused']).optional(),
  /** In which direction nothing passes; `none` ends that. */
  stall: z.enum(['both', 'none', ...directions]).optional(),
  /** Bytes per second and connection. */
  rate: perDirection(rate).optional(),
  /** Milliseconds that every byte takes. */
  latency: perDirection(milliseconds).optional(),
  /** Up to so many more by chance; the order stays. */
  jitter: perDirection(milliseconds).optional(),
  /** Milliseconds between a connection's being taken and the first byte that is read of it. */
  acceptDelay: milliseconds.optional(),
  /** Ends all connections by RST, on both sides. */
  reset: z.literal(true).optional(),
  /**
   * All connections there are: the client's side stays open, unread and unanswered; the server's side is closed or, with
   * `both`, stays open in the same way, so that the server takes the client for there.
   */
  halfOpen: z.union([z.literal(true), z.literal('both')]).optional(),
  /** Turns all bits of one byte: that at `offset` of the first connection to get there, or the next one that passes. */
  corrupt: z
    .strictObject({ direction: z.enum(directions), offset: z.int().min(0).optional() })
    .optional(),
};

/** What is wrong with the way from now on, or happens to it now. What is not named stays as it is. */
export const faultsSchema = z.strictObject(faultShape);
export type Faults = z.infer<typeof faultsSchema>;

const timeShape = {
  /** Milliseconds from the beginning; two of them for a moment by chance between them. */
  at: z.union([milliseconds, z.tuple([milliseconds, milliseconds])]),
  /** Again after so many milliseconds, `times` times in all. */
  every: milliseconds.min(1).optional(),
  times: z.int().min(2).max(10_000).optional(),
};

const stepSchema = z
  .strictObject({ ...timeShape, ...faultShape })
  .refine((step) => Object.keys(step).some((name) => name in faultShape), {
    error: 'a step does something',
  })
  .refine(({ every, times }) => (every === undefined) === (times === undefined), {
    error: 'every and times go together',
  });

/** A time line of faults, as JSON. */
export const faultScriptSchema = z.array(stepSchema).min(1).max(1_000);
export type FaultScript = z.infer<typeof faultScriptSchema>;

export interface PlannedFaults {
  readonly atMs: number;
  readonly faults: Faults;
}

/** The steps of a script in their order. @param random gives numbers from 0 to 1. */
export function planFaults(script: FaultScript, random: () => number): PlannedFaults[] {
  return script
    .flatMap(({ at, every = 0, times = 1, ...faults }) => {
      const [from, to] = typeof at === 'number' ? [at, at] : at;
      const first = from + (to - from) * random();
      return Array.from({ length: times }, (_, index) => ({ atMs: first + index * every, faults }));
    })
    .sort((one, other) => one.atMs - other.atMs);
}

/** The value for `direction`, where there is a new one. */
export function forDirection<T extends number | string>(
  value: T | { readonly up?: T | undefined; readonly down?: T | undefined } | undefined,
  direction: Direction,
): T | undefined {
  return typeof value === 'object' ? value[direction] : value;
}
