import { MalformedError } from '../src/bytes/malformed-error.js';
import { RtmpError } from '../src/session/rtmp-error.js';
import { mutate } from './mutate.js';
import { Random } from './random.js';
import type { Target } from './target.js';

/**
 * Milliseconds of the processor for an input of n bytes: a part of its own, and so much for each byte. One that takes
 * longer is run again, and is to blame only if it is slow each time.
 */
const timeLimit = { own: 100, perByte: 0.002 };
/** What may come out of an input of n bytes: a part of its own, and so much for each byte. */
const outputLimit = { own: 64 * 1024, perByte: 64 };
/** Each input has a seed of its own, so that it can be made again without those before it. */
export function makeInput(target: Target, random: Random): Uint8Array {
  if (target.generate !== undefined && random.oneIn(2)) {
    const generated = target.generate(random);
    return random.oneIn(3) ? mutate(generated, target.seeds, random) : generated;
  }
  return mutate(random.pick(target.seeds), target.seeds, random);
}

/** @returns why the input is a failure; undefined if it is none. @param runSeed of all that the run itself leaves to chance */
export function judge(target: Target, bytes: Uint8Array, runSeed: number): string | undefined {
  const begun = process.cpuUsage();
  try {
    const output = target.run(bytes, new Random(runSeed));
    const most = outputLimit.own + outputLimit.perByte * bytes.length;
    if (output > most) return `${output} bytes of output`;
  } catch (error) {
    const isOwn = error instanceof MalformedError || error instanceof RtmpError;
    if (!isOwn) return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  const { user, system } = process.cpuUsage(begun);
  const most = timeLimit.own + timeLimit.perByte * bytes.length;
  return (user + system) / 1000 > most ? 'slow' : undefined;
}

/** A slow machine is not the input's fault, so a slow run is repeated. */
export function judgeFairly(
  target: Target,
  bytes: Uint8Array,
  runSeed: number,
): string | undefined {
  let outcome = judge(target, bytes, runSeed);
  for (let i = 0; i < 3 && outcome === 'slow'; i++) outcome = judge(target, bytes, runSeed);
  return outcome === 'slow' ? 'took too long four times' : outcome;
}
