import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { faultScriptSchema, faultsSchema } from './faults.js';
import { FaultRig } from './fault-rig.js';

export const usage = `usage: node scripts/fault-rig.mjs --to HOST:PORT [--listen HOST:PORT] [--script FILE]
  [--rate BYTES_PER_SECOND] [--rate-up …] [--rate-down …] [--latency MS] [--jitter MS] [--accept-delay MS] [--seed N]

A script is JSON, such as [{"at": 3000, "link": "cut"}, {"at": 6000, "link": "up"}]; its time runs from the first
connection on. What happens is printed as one JSON object a line. Ends by SIGINT.`;

const number = z.string().regex(/^\d+$/).transform(Number).optional();

const place = z.string().transform((text, context) => {
  const [, host, port] = /^(?:(.+):)?(\d{1,5})$/.exec(text) ?? [];
  if (port !== undefined) return { host: host ?? '127.0.0.1', port: Number(port) };
  context.addIssue('not HOST:PORT');
  return z.NEVER;
});

const optionsSchema = z.object({
  to: place,
  listen: place.optional(),
  script: z.string().optional(),
  rate: number,
  'rate-up': number,
  'rate-down': number,
  latency: number,
  jitter: number,
  'accept-delay': number,
  seed: number,
});

const text = { type: 'string' } as const;
const accepted = Object.fromEntries(Object.keys(optionsSchema.shape).map((name) => [name, text]));

/** @throws ZodError, or TypeError of `parseArgs`, for wrong usage; why it cannot listen, or read the script. */
export async function startFromArguments(
  args: string[],
  print: (line: string) => void,
): Promise<FaultRig> {
  const options = optionsSchema.parse(parseArgs({ args, options: accepted }).values);
  const { to, listen, seed, rate, latency, jitter } = options;
  const script =
    options.script === undefined
      ? undefined
      : faultScriptSchema.parse(JSON.parse(await readFile(options.script, 'utf8')));
  const faults = faultsSchema.parse({
    rate: {
      up: options['rate-up'] ?? rate ?? 'unlimited',
      down: options['rate-down'] ?? rate ?? 'unlimited',
    },
    latency: latency ?? 0,
    jitter: jitter ?? 0,
    acceptDelay: options['accept-delay'] ?? 0,
  });
  const rig = await FaultRig.start({
    to,
    faults,
    ...(listen && { listen }),
    ...(seed !== undefined && { seed }),
  });
  for (const event of rig.log) print(JSON.stringify(event));
  let isPlaying = false;
  rig.onEvent((event) => {
    print(JSON.stringify(event));
    if (event.type !== 'connected' || isPlaying || !script) return;
    isPlaying = true;
    rig.play(script).catch((error: unknown) => {
      print(JSON.stringify({ type: 'failed', message: String(error) }));
    });
  });
  return rig;
}
