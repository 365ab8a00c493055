import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { strictlyRising } from '../../../test/support/media.js';

const run = promisify(execFile);
const maxBuffer = 64 * 1024 * 1024;
const deadlineMs = 60_000;

interface MeasuredTrack {
  readonly codec: string;
  /** What the decoder made of it. */
  readonly frames: number;
  /** A digest of each packet's payload. */
  readonly payloads: readonly string[];
  readonly decodeTimes: readonly number[];
}

export interface Measured {
  /** What ffprobe complained of while it decoded everything; empty for a clean file. */
  readonly complaints: string;
  readonly video: MeasuredTrack | undefined;
  readonly audio: MeasuredTrack | undefined;
}

interface Report {
  readonly streams: readonly {
    readonly index: number;
    readonly codec_type: string;
    readonly codec_name: string;
    readonly nb_read_frames?: string;
  }[];
  readonly packets: readonly {
    readonly stream_index: number;
    readonly dts?: number;
    readonly data_hash?: string;
  }[];
}

/** Reads and decodes a whole file with ffprobe. */
export async function measure(file: string): Promise<Measured> {
  const { stdout, stderr } = await run(
    'ffprobe',
    [
      ...['-v', 'error', '-count_frames', '-show_packets', '-show_data_hash', 'MD5'],
      ...['-show_entries', 'stream=index,codec_type,codec_name,nb_read_frames'],
      ...['-show_entries', 'packet=stream_index,dts,data_hash', '-of', 'json', file],
    ],
    { maxBuffer, timeout: deadlineMs, killSignal: 'SIGKILL' },
  );
  const { streams, packets } = JSON.parse(stdout) as Report;
  const track = (type: string): MeasuredTrack | undefined => {
    const stream = streams.find((candidate) => candidate.codec_type === type);
    if (stream === undefined) return undefined;
    const own = packets.filter((packet) => packet.stream_index === stream.index);
    return {
      codec: stream.codec_name,
      frames: Number(stream.nb_read_frames ?? 0),
      payloads: own.map((packet) => packet.data_hash ?? ''),
      decodeTimes: own.map((packet) => packet.dts ?? NaN),
    };
  };
  return { complaints: stderr, video: track('video'), audio: track('audio') };
}

export interface Expectations {
  /** Why decode times may stand still; they must rise where this is absent. */
  readonly flatTimes?: string | undefined;
  /** Why the last packet may be missing. */
  readonly mayLoseLast?: string | undefined;
}

/**
 * Compares what arrived with what was sent.
 *
 * @returns one line for the matrix.
 * @throws Error that says everything that is wrong.
 */
export function compare(sent: Measured, came: Measured, expected: Expectations = {}): string {
  const faults: string[] = [];
  if (came.complaints !== '') faults.push(`ffprobe complains: ${came.complaints.slice(0, 500)}`);
  const counts: string[] = [];
  let missing = 0;
  for (const kind of ['video', 'audio'] as const) {
    const [from, to] = [sent[kind], came[kind]];
    if (from?.codec !== to?.codec) {
      faults.push(`${kind}: ${from?.codec ?? 'nothing'} became ${to?.codec ?? 'nothing'}`);
    }
    if (from === undefined || to === undefined) continue;
    counts.push(`${to.frames}/${from.frames} ${kind}`);
    missing += from.frames - to.frames;
    if (!rising(to.decodeTimes, expected)) faults.push(`${kind}: decode times do not rise`);
    const changed = to.payloads.findIndex((payload, index) => payload !== from.payloads[index]);
    if (changed !== -1) faults.push(`${kind}: packet ${changed} is not what was sent`);
  }
  const mayLack = expected.mayLoseLast === undefined ? 0 : 1;
  if (missing < 0 || missing > mayLack) faults.push(`frames: ${counts.join(', ')}`);
  if (faults.length > 0) throw new Error(faults.join('; '));
  return `${counts.join(', ')}${missing > 0 ? ` (${expected.mayLoseLast})` : ''}`;
}

function rising(times: readonly number[], { flatTimes }: Expectations): boolean {
  const steps = times.filter((time, i) => flatTimes === undefined || time !== times[i - 1]);
  return strictlyRising(steps);
}
