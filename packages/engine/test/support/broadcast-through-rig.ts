import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { destinationsOf, type DestinationStatus, type Encoding } from '@tallylight/contract';
import { parseRtmpUrl } from 'node-rtmp-client';
import { FaultRig } from '../../../../test/support/fault-rig/fault-rig.js';
import {
  MediaArrivals,
  type MediaArrival,
} from '../../../../test/support/fault-rig/media-arrivals.js';
import { hashedPackets, type HashedPacket } from '../../../../test/support/media.js';
import { startNginxRtmp, type NginxRtmp } from '../../../../test/support/nginx.js';
import { until } from '../../../../test/support/until.js';
import { summarize, type BroadcastSummary } from '../../src/broadcast-summary.js';
import { Broadcast } from '../../src/broadcast/broadcast.js';
import { FfmpegLocator } from '../../src/ffmpeg/ffmpeg-locator.js';
import { createLogger } from '../../src/logger.js';
import { Recorder } from '../../src/outputs/recording/recorder.js';
import { RtmpDestination } from '../../src/outputs/rtmp/rtmp-destination.js';
import { createFfmpegSource } from '../../src/sources/ffmpeg/ffmpeg-source.js';
import type { MediaSource } from '../../src/sources/media-source.js';

const run = promisify(execFile);

export const encoding: Encoding = {
  ...{ width: 640, height: 360, fps: 25, keyframeInterval: 1 },
  ...{ videoBitrate: 800_000, audioBitrate: 128_000 },
};
/** Milliseconds between two frames. */
export const frameMs = 1000 / encoding.fps;
const key = 'se-cret-key_2';

/** One of nginx's recordings. */
export interface Part {
  readonly file: string;
  readonly video: readonly HashedPacket[];
  readonly audio: readonly HashedPacket[];
  /** Whether it has the decoder's configuration, and its first picture is a keyframe. */
  readonly beginsWhole: boolean;
}

export interface Account {
  readonly summary: BroadcastSummary;
  readonly destination: BroadcastSummary['destinations'][number];
  /** What the encoder gave, as our own recorder has it. */
  readonly captured: readonly HashedPacket[];
  /** In the order in which nginx began them. */
  readonly parts: readonly Part[];
  /** Captured frames that are in no recording. */
  readonly lacking: readonly HashedPacket[];
  /** Recorded frames that nobody captured. */
  readonly foreign: number;
}

export interface RigMedia {
  readonly source?: MediaSource;
  readonly encoding: Encoding;
}

export interface RigOptions extends Partial<RigMedia> {
  /** What nginx-rtmp is told besides of its application. */
  readonly application?: string;
}

/** A real broadcast of the test picture, through a fault rig, into a real nginx-rtmp that keeps a file of each connection. */
export class BroadcastThroughRig {
  readonly rig: FaultRig;
  readonly arrivals: MediaArrivals;
  readonly broadcast: Broadcast;
  readonly logLines: string[];
  readonly #folder: string;
  readonly #directives: string;
  #nginx: NginxRtmp;

  /** The test picture of ffmpeg where no source is given. */
  static async start({
    application = '',
    ...media
  }: RigOptions = {}): Promise<BroadcastThroughRig> {
    const folder = await mkdtemp(join(tmpdir(), 'tallylight-rig-'));
    await mkdir(join(folder, 'parts'));
    const server = keepParts(folder, application);
    const nginx = await startNginxRtmp({ directives: server });
    const arrivals = new MediaArrivals();
    const rig = await FaultRig.start({
      ...{ to: { port: nginx.rtmpPort }, seed: 11, onBytes: arrivals.onBytes },
    });
    return new BroadcastThroughRig(folder, server, nginx, rig, arrivals, { encoding, ...media });
  }

  private constructor(
    folder: string,
    directives: string,
    nginx: NginxRtmp,
    rig: FaultRig,
    arrivals: MediaArrivals,
    { source, encoding }: RigMedia,
  ) {
    this.#folder = folder;
    this.#directives = directives;
    this.#nginx = nginx;
    this.rig = rig;
    this.arrivals = arrivals;
    const logLines: string[] = [];
    this.logLines = logLines;
    const logger = createLogger({ destination: { write: (line) => logLines.push(line) } });
    const url = `rtmp://127.0.0.1:${rig.port}/parts`;
    const address = parseRtmpUrl(url);
    this.broadcast = new Broadcast({
      ...{ version: '1.2.3', encoding, logger },
      source:
        source ??
        createFfmpegSource(
          { type: 'capture', video: { type: 'test' }, audio: { type: 'test' } },
          encoding,
          { ffmpeg: new FfmpegLocator(), logger },
        ),
      outputs: [
        new RtmpDestination({
          target: { id: url, name: 'nginx', address, streamKey: key },
          logger,
          onBug: (error) => {
            throw error;
          },
        }),
        new Recorder({ id: 'own', path: join(folder, 'own.flv') }),
      ],
    });
    void this.broadcast.run();
  }

  get destination(): DestinationStatus {
    const [found] = destinationsOf(this.broadcast.snapshot);
    if (!found) throw new Error('no destination');
    return found;
  }

  /** The server has kept the newest connection for long enough. */
  async stable(): Promise<void> {
    await until(
      'the connection to be stable',
      () => this.destination.steps.at(-1)?.state === 'done',
    );
  }

  /** So many more frames have been sent. */
  async sent(frames: number): Promise<void> {
    const before = this.destination.framesSent;
    await until(`${frames} more frames to be sent`, () => {
      const { framesSent, state } = this.destination;
      if (state === 'failed') throw new Error('the destination has failed');
      return framesSent >= before + frames;
    });
  }

  /** The first picture that passes the rig after `at`. */
  async picture(at: number): Promise<MediaArrival> {
    const isIt = (each: MediaArrival): boolean =>
      each.at >= at && each.track === 'video' && each.kind !== 'config';
    return until('media at the rig', () => this.arrivals.all.find(isIt));
  }

  /** What nginx has said. */
  serverLog(): Promise<string> {
    return this.#nginx.errorLog();
  }

  killServer(): Promise<void> {
    return this.#nginx.kill();
  }

  /** At the same port, with the same recordings. Resolves with when it took connections again. */
  async restartServer(): Promise<number> {
    const { rtmpPort } = this.#nginx;
    // The rig knocks by itself, and is the first to be let in.
    this.#nginx = await startNginxRtmp({ directives: this.#directives, rtmpPort });
    return performance.now();
  }

  /** Ends the broadcast, and compares what was captured with what nginx has. */
  async account(): Promise<Account> {
    await this.broadcast.stop();
    const isOver = async (): Promise<boolean> =>
      !(await this.#nginx.statistics()).includes('<publishing/>');
    await until('nginx to close its recordings', isOver);
    const summary = summarize(this.broadcast.snapshot);
    const [destination] = summary.destinations;
    if (!destination) throw new Error('no destination');
    const captured = await hashedPackets(join(this.#folder, 'own.flv'), 'v:0');
    const names = (await readdir(join(this.#folder, 'parts'))).sort();
    const parts: Part[] = [];
    for (const name of names) {
      const part = await readPart(join(this.#folder, 'parts', name));
      // One that was lost before its first frame.
      if (part) parts.push(part);
    }
    const recorded = parts.flatMap(({ video }) => video);
    const lacking = without(captured, recorded);
    const foreign = without(recorded, captured).length;
    return { summary, destination, captured, parts, lacking, foreign };
  }

  async stop(): Promise<void> {
    await this.broadcast.stop();
    await this.rig.stop();
    await this.#nginx.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

const keepParts = (folder: string, more: string): string =>
  `application parts { live on; ${more} record all; record_path ${folder}/parts; record_unique on; }`;

/** What an FLV file begins with, before its first tag. */
const flvHeaderBytes = 13;

async function readPart(file: string): Promise<Part | undefined> {
  // nginx begins a file for each that wants to publish, refused ones included.
  if ((await stat(file)).size <= flvHeaderBytes) return undefined;
  const { stdout } = await run('ffprobe', [
    ...['-v', 'error', '-select_streams', 'v:0', '-read_intervals', '%+#1'],
    ...['-show_entries', 'packet=flags:stream=extradata_size', '-of', 'json', file],
  ]);
  const probed = JSON.parse(stdout) as {
    packets?: { flags: string }[];
    streams?: { extradata_size?: number }[];
  };
  const [first] = probed.packets ?? [];
  if (!first) return undefined;
  const hasConfig = (probed.streams?.[0]?.extradata_size ?? 0) > 0;
  return {
    file,
    video: await hashedPackets(file, 'v:0'),
    audio: await hashedPackets(file, 'a:0'),
    beginsWhole: hasConfig && first.flags.startsWith('K'),
  };
}

/** Those of `all` that are not in `others`, each as often as it is there. */
function without(all: readonly HashedPacket[], others: readonly HashedPacket[]): HashedPacket[] {
  const counts = new Map<string, number>();
  for (const { hash } of others) counts.set(hash, (counts.get(hash) ?? 0) + 1);
  return all.filter(({ hash }) => {
    const count = counts.get(hash) ?? 0;
    counts.set(hash, count - 1);
    return count <= 0;
  });
}
