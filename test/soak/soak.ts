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
const memoryKinds = ['rss', 'heapUsed', 'external'] as const;

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

async function run(minutes: number, folder: string, ways: readonly Way[]): Promise<boolean> {
  const recording = join(folder, 'own', 'recording.mp4');
  await mkdir(join(folder, 'own'));
  const states = new DestinationStates();
  let summary: SummaryLine | undefined;
  let leaks = 0;
  const said: string[] = [];
  const look = (text: string): void => {
    if (ways.some(({ key }) => text.includes(key))) leaks += 1;
  };
  const publisher = await InspectedProcess.start(
    [
      ...['cli/bin/tallylight.js', 'publish', '--source', 'test', ...media, '--json', '--control'],
      ...ways.flatMap(({ rig, server, key }) => [
        ...['--to', `rtmp://127.0.0.1:${rig.port}/${server.app}/${key}`],
      ]),
      ...['--duration', `${minutes * 60}`, '--record', recording],
    ],
    (line, from) => {
      look(line);
      if (from === 'stderr') {
        if (said.push(line) > 100) said.shift();
        return;
      }
      const parsed = JSON.parse(line) as { type: string };
      if (parsed.type === 'state') states.note(parsed as unknown as StateLine);
      if (parsed.type === 'summary') summary = parsed as unknown as SummaryLine;
    },
  );
  const begun = Date.now();
  await until('all to be live', () => states.allLive);

  const faults: FaultRecord[] = [];
  const samples: (Holdings & { readonly minute: number })[] = [];
  const loads: number[] = [];
  for (let minute = 1; minute < minutes; minute += 1) {
    await delay(begun + minute * 60_000 - Date.now());
    const [fault, destination] = [soakFaults[minute % soakFaults.length], minute % ways.length];
    const way = ways[destination];
    if (!fault || !way) throw new Error('no fault');
    await fault.happen(way);
    const mended = Date.now();
    // A silent server is noticed after some seconds.
    await delay(Math.max(0, begun + minute * 60_000 + 15_000 - Date.now()));
    await until(`all to be live after ${fault.name}`, () => states.allLive, 45_000);
    const backAt = states.liveSince(destination);
    const wasAway = backAt >= begun + minute * 60_000;
    const backMs = wasAway ? { backMs: Math.max(0, backAt - mended) } : {};
    faults.push({ minute, destination, name: fault.name, ...backMs });
    await delay(Math.max(0, begun + minute * 60_000 + 50_000 - Date.now()));
    loads.push(loadavg()[0] ?? NaN);
    if (!states.allLive) continue;
    const holdings = await publisher.holdings();
    samples.push({ minute, ...holdings });
    const megabytes = memoryKinds.map((kind) => `${kind} ${(holdings[kind] / 1e6).toFixed(1)} MB`);
    note(
      `${minute}/${minutes} ${fault.name} at ${destination}: ${megabytes.join(', ')}, ` +
        `${holdings.descriptors} descriptors, ${JSON.stringify(holdings.resources)}`,
    );
  }
  const exitCode = await Promise.race([
    publisher.ended,
    until('the summary', () => summary, 120_000).then(() => {
      publisher.closeInspector();
      return publisher.ended;
    }),
  ]);
  if (!summary) throw new Error(`there is no summary: ${said.slice(-5).join('\n')}`);

  const captured = await hashedPackets(recording, 'v:0');
  const accounts = [];
  for (const [index, way] of ways.entries()) {
    const told = summary.destinations[index];
    if (!told) throw new Error('a destination is missing from the summary');
    look(JSON.stringify(way.rig.log));
    accounts.push({ ...(await accountOf(way, told, captured)), name: `destination ${index}` });
  }
  look(JSON.stringify([summary, said]));
  const settled = samples.filter(({ minute }) => minute > warmUpMinutes);
  const growth = Object.fromEntries(
    memoryKinds.map((kind) => [kind, growthOf(settled.map((each) => [each.minute, each[kind]]))]),
  );
  const [first, last] = [settled[0], settled.at(-1)];
  const result = {
    ...{ minutes, faults: faults.length, exitCode, leaks },
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
    samples: samples.map(({ minute, rss, heapUsed, external }) => [
      minute,
      rss,
      heapUsed,
      external,
    ]),
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
  const failures = [
    exitCode !== 0 && `exit code ${exitCode}`,
    leaks > 0 && `${leaks} times a key was told`,
    captured.length !== summary.video.frames && 'the recording lacks frames',
    accounts.some(({ isClosed }) => !isClosed) && 'an account does not close',
    (last?.descriptors ?? 0) > (first?.descriptors ?? 0) && 'descriptors leak',
    (last?.children ?? 0) > (first?.children ?? 0) && 'processes leak',
    (['heapUsed', 'external'] as const).some((kind) => (growth[kind]?.low ?? 0) > 0) &&
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
  const { framesSent, framesDropped, framesMissed, reconnects, state } = told;
  const known = new Map(captured.map(({ hash }, index) => [hash, index]));
  let [recorded, foreign, backward] = [0, 0, 0];
  for (const file of (await server.recordings?.()) ?? []) {
    let before = -1;
    for (const { hash } of await hashedPackets(file, 'v:0')) {
      const index = known.get(hash);
      if (index === undefined) foreign += 1;
      else if (index <= before) backward += 1;
      else recorded += 1;
      before = index ?? before;
    }
  }
  const passed = arrived();
  // Nobody can tell a sender of the frames that came after the last sign of life of a connection that broke: they count as
  // missed. What counts as sent, has come.
  const unsure = passed - framesSent;
  return {
    ...{ state, framesSent, framesDropped, framesMissed, reconnects },
    ...{ passed, unsure, ...(server.recordings && { recorded, foreign, backward }) },
    isClosed:
      framesSent + framesDropped + framesMissed === captured.length &&
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
