import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { FaultRig } from '../support/fault-rig/fault-rig.js';
import { mediaReader } from '../support/fault-rig/media-arrivals.js';
import { hashedPackets } from '../support/media.js';
import { until } from '../support/until.js';
import { InspectedProcess, type Holdings } from './inspected-process.js';
import { soakFaults } from './soak-faults.js';
import { nginxServer, ownServer, type SoakServer } from './soak-server.js';
import { trend, type Trend } from './trend.js';

export const usage = `usage: npm run soak -- [--minutes 120] [--keep]

A real broadcast of the test picture to three servers (two nginx-rtmp, one tallylight serve), each behind a fault rig, with a
recording beside them and a fault each minute. Ends with one JSON object on stdout, and with 1 where something does not add
up. Linux only. --keep leaves what was recorded where it is.`;

const optionsSchema = z.object({
  minutes: z.string().regex(/^\d+$/).transform(Number).default(120),
  keep: z.boolean().default(false),
});

const fps = 25;
const media = ['--size', '640x360', '--fps', `${fps}`, '--video-bitrate', '800k'];
/** From here on memory may not grow: until then code is compiled, and what is bounded fills. */
const warmUpMinutes = 10;
const blockMinutes = 5;
const memoryKinds = ['rss', 'heapUsed', 'code', 'objects', 'external'] as const;

interface StateLine {
  readonly destinations: readonly { readonly id: string; readonly state: string }[];
}

interface SummaryLine {
  readonly durationMs: number;
  readonly video: { readonly frames: number; readonly droppedFrames: number };
  readonly destinations: readonly {
    readonly name: string;
    readonly state: string;
    readonly framesSent: number;
    readonly framesDropped: number;
    readonly framesMissed: number;
    readonly framesBefore: number;
    readonly reconnects: number;
  }[];
}

interface FaultRecord {
  readonly minute: number;
  readonly destination: number;
  readonly name: string;
  /** From the end of the fault until it was live again; absent where it had always been. */
  readonly backMs?: number;
}

/** Which destinations are live, and since when. */
class DestinationStates {
  readonly #states = new Map<string, { state: string; since: number }>();

  get allLive(): boolean {
    const all = [...this.#states.values()];
    return all.length > 0 && all.every(({ state }) => state === 'live');
  }

  note({ destinations }: StateLine): void {
    for (const { id, state } of destinations) {
      if (this.#states.get(id)?.state !== state) this.#states.set(id, { state, since: Date.now() });
    }
  }

  /** Milliseconds since the epoch. @param index counted from 0. */
  liveSince(index: number): number {
    return [...this.#states.values()][index]?.since ?? NaN;
  }
}

/** One destination: what is on its way, and what came. */
interface Way {
  readonly server: SoakServer;
  readonly rig: FaultRig;
  readonly key: string;
  /** Frames of the picture that have passed the rig. */
  readonly arrived: () => number;
}

async function startWay(server: SoakServer, index: number): Promise<Way> {
  let frames = 0;
  const onBytes = mediaReader(({ track, kind }) => {
    if (track === 'video' && kind !== 'config') frames += 1;
  });
  const rig = await FaultRig.start({ to: { port: server.port }, seed: index, onBytes });
  return { server, rig, key: `se-cret-key-${index}`, arrived: () => frames };
}

const note = (text: string): void => {
  process.stderr.write(`${new Date().toISOString()} ${text}\n`);
};

/** @returns whether everything adds up. */
export async function soak(args: string[]): Promise<boolean> {
  const { minutes, keep } = optionsSchema.parse(
    parseArgs({ args, options: { minutes: { type: 'string' }, keep: { type: 'boolean' } } }).values,
  );
  const folder = await mkdtemp(join(tmpdir(), 'tallylight-soak-'));
  const servers = [
    await nginxServer(join(folder, 'nginx-1')),
    await nginxServer(join(folder, 'nginx-2')),
    await ownServer(),
  ];
  const ways = await Promise.all(servers.map(startWay));
  try {
    return await run(minutes, folder, ways);
  } finally {
    await Promise.all(ways.map(({ rig }) => rig.stop()));
    await Promise.all(servers.map((server) => server.stop()));
    if (keep) note(`kept: ${folder}`);
    else await rm(folder, { recursive: true, force: true });
  }
}

/** The broadcast: `tallylight publish` as it is, and all that it tells. */
class Publisher {
  readonly states = new DestinationStates();
  readonly recording: string;
  summary: SummaryLine | undefined;
  /** How often something that it told, or the rigs, had a key in it. */
  leaks = 0;
  readonly #keys: readonly string[];
  /** The newest lines for people. */
  readonly #said: string[] = [];
  #process: InspectedProcess | undefined;

  static async start(minutes: number, folder: string, ways: readonly Way[]): Promise<Publisher> {
    await mkdir(join(folder, 'own'));
    const publisher = new Publisher(join(folder, 'own', 'recording.mp4'), ways);
    const to = ways.flatMap(({ rig, server, key }) => [
      ...['--to', `rtmp://127.0.0.1:${rig.port}/${server.app}/${key}`],
    ]);
    publisher.#process = await InspectedProcess.start(
      [
        ...['cli/bin/tallylight.js', 'publish', '--source', 'test', ...media, '--json', ...to],
        ...['--duration', `${minutes * 60}`, '--record', publisher.recording],
      ],
      (line, from) => publisher.#read(line, from),
    );
    return publisher;
  }

  private constructor(recording: string, ways: readonly Way[]) {
    this.recording = recording;
    this.#keys = ways.map(({ key }) => key);
  }

  get process(): InspectedProcess {
    if (!this.#process) throw new Error('the broadcast has not been started');
    return this.#process;
  }

  lookForKeys(text: string): void {
    if (this.#keys.some((key) => text.includes(key))) this.leaks += 1;
  }

  /** Resolves with its exit code. */
  async end(): Promise<number | null> {
    const ended = this.process.ended;
    await Promise.race([ended, until('the summary', () => this.summary, 120_000)]);
    this.process.closeInspector();
    await ended;
    if (!this.summary) throw new Error(`there is no summary: ${this.#said.slice(-5).join('\n')}`);
    return ended;
  }

  #read(line: string, from: 'stdout' | 'stderr'): void {
    this.lookForKeys(line);
    if (from === 'stderr') {
      if (this.#said.push(line) > 100) this.#said.shift();
      return;
    }
    const told = JSON.parse(line) as { type: string };
    if (told.type === 'state') this.states.note(told as unknown as StateLine);
    if (told.type === 'summary') this.summary = told as unknown as SummaryLine;
  }
}

interface Observed {
  readonly faults: FaultRecord[];
  readonly samples: (Holdings & { readonly minute: number })[];
  readonly loads: number[];
}

/** A fault at each full minute, and a look at what the process holds when all is well again. */
async function observe(
  minutes: number,
  publisher: Publisher,
  ways: readonly Way[],
): Promise<Observed> {
  const { states, process } = publisher;
  const observed: Observed = { faults: [], samples: [], loads: [] };
  const begun = Date.now();
  await until('all to be live', () => states.allLive);
  for (let minute = 1; minute < minutes; minute += 1) {
    const beginsAt = begun + minute * 60_000;
    const at = (second: number): Promise<void> =>
      delay(Math.max(0, beginsAt + second * 1_000 - Date.now()));
    await at(0);
    const [fault, destination] = [soakFaults[minute % soakFaults.length], minute % ways.length];
    const way = ways[destination];
    if (!fault || !way) throw new Error('no fault');
    await fault.happen(way);
    const mended = Date.now();
    // A silent server is noticed after some seconds.
    await at(15);
    await until(`all to be live after ${fault.name}`, () => states.allLive, 45_000);
    const backAt = states.liveSince(destination);
    const backMs = backAt >= beginsAt ? { backMs: Math.max(0, backAt - mended) } : {};
    observed.faults.push({ minute, destination, name: fault.name, ...backMs });
    await at(50);
    observed.loads.push(loadavg()[0] ?? NaN);
    if (!states.allLive) continue;
    const holdings = await process.holdings();
    observed.samples.push({ minute, ...holdings });
    const megabytes = memoryKinds.map((kind) => `${kind} ${(holdings[kind] / 1e6).toFixed(1)} MB`);
    note(
      `${minute}/${minutes} ${fault.name} at ${destination}: ${megabytes.join(', ')}, ` +
        `${holdings.descriptors} descriptors, ${JSON.stringify(holdings.resources)}`,
    );
  }
  return observed;
}

async function run(minutes: number, folder: string, ways: readonly Way[]): Promise<boolean> {
  const publisher = await Publisher.start(minutes, folder, ways);
  const { faults, samples, loads } = await observe(minutes, publisher, ways);
  const exitCode = await publisher.end();
  const { summary, recording } = publisher;
  if (!summary) return false;

  const captured = await hashedPackets(recording, 'v:0');
  const accounts = [];
  for (const [index, way] of ways.entries()) {
    const told = summary.destinations[index];
    if (!told) throw new Error('a destination is missing from the summary');
    publisher.lookForKeys(JSON.stringify(way.rig.log));
    accounts.push({ ...(await accountOf(way, told, captured)), name: `destination ${index}` });
  }
  const settled = samples.filter(({ minute }) => minute > warmUpMinutes);
  const growth = Object.fromEntries(
    memoryKinds.map((kind) => [kind, growthOf(settled.map((each) => [each.minute, each[kind]]))]),
  );
  const [first, last] = [settled[0], settled.at(-1)];
  const result = {
    ...{ minutes, faults: faults.length, exitCode, leaks: publisher.leaks },
    video: summary.video,
    recorded: captured.length,
    accounts,
    /** Megabytes an hour. */
    growth,
    descriptors: [first?.descriptors, last?.descriptors],
    children: [first?.children, last?.children],
    resources: [first?.resources, last?.resources],
    backMs: byFault(faults),
    load: { mean: mean(loads), max: Math.max(...loads) },
    samples: samples.map((sample) => [sample.minute, ...memoryKinds.map((kind) => sample[kind])]),
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
  const failures = [
    exitCode !== 0 && `exit code ${exitCode}`,
    publisher.leaks > 0 && `${publisher.leaks} times a key was told`,
    captured.length !== summary.video.frames && 'the recording lacks frames',
    accounts.some(({ isClosed }) => !isClosed) && 'an account does not close',
    (last?.descriptors ?? 0) > (first?.descriptors ?? 0) && 'descriptors leak',
    (last?.children ?? 0) > (first?.children ?? 0) && 'processes leak',
    (['objects', 'external'] as const).some((kind) => (growth[kind]?.low ?? 0) > 0) &&
      'memory grows',
  ].filter((each) => each !== false);
  for (const failure of failures) note(`FAILED: ${failure}`);
  return failures.length === 0;
}

/** What one destination was sent, and what came there. */
async function accountOf(
  { server, arrived }: Way,
  told: SummaryLine['destinations'][number],
  captured: readonly { readonly hash: string }[],
) {
  const { framesSent, framesDropped, framesMissed, framesBefore, reconnects, state } = told;
  // Frames of a still picture may be alike.
  const known = new Map<string, number[]>();
  for (const [index, { hash }] of captured.entries()) {
    const places = known.get(hash);
    if (places) places.push(index);
    else known.set(hash, [index]);
  }
  let [recorded, foreign, backward] = [0, 0, 0];
  for (const file of (await server.recordings?.()) ?? []) {
    let before = -1;
    for (const { hash } of await hashedPackets(file, 'v:0')) {
      const places = known.get(hash);
      const last = before;
      const index = places?.find((place) => place > last);
      if (!places) foreign += 1;
      else if (index === undefined) backward += 1;
      else recorded += 1;
      before = index ?? before;
    }
  }
  const passed = arrived();
  // Nobody can tell a sender of the frames that came after the last sign of life of a connection that broke: they count as
  // missed. What counts as sent, has come.
  const unsure = passed - framesSent;
  return {
    ...{ state, framesSent, framesDropped, framesMissed, framesBefore, reconnects },
    ...{ passed, unsure, ...(server.recordings && { recorded, foreign, backward }) },
    isClosed:
      framesSent + framesDropped + framesMissed + framesBefore === captured.length &&
      unsure >= 0 &&
      foreign + backward === 0,
  };
}

function growthOf(values: readonly (readonly [number, number])[]): Trend | undefined {
  const perHour = values.map(([minute, bytes]) => [minute / 60, bytes / 1e6] as const);
  return values.length < 5 * blockMinutes ? undefined : trend(perHour, blockMinutes);
}

function byFault(faults: readonly FaultRecord[]): Record<string, (number | 'stayed')[]> {
  const found: Record<string, (number | 'stayed')[]> = {};
  for (const { name, backMs } of faults) (found[name] ??= []).push(backMs ?? 'stayed');
  return found;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, each) => sum + each, 0) / values.length;
