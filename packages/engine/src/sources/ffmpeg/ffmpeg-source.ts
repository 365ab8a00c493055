import { FlvDemuxer, MalformedError, type EncodedPacket } from 'node-rtmp-client';
import { type AppError, appError, type Encoding, reason, type Wording } from '@tallylight/contract';
import type { Logger } from '../../logger.js';
import { AdtsFormats } from './adts-formats.js';
import { CameraFrames } from './camera-frames.js';
import { CopiedConfigs } from './copied-configs.js';
import {
  damageIn,
  exitReason,
  explainCapture,
  lostFrames,
  parseDroppedFrames,
  unexplained,
} from './capture-errors.js';
import {
  planCapture,
  sourceName,
  type CapturePlan,
  type FfmpegSourceSpec,
} from './capture-plan.js';
import type { Ffmpeg, FfmpegLocator } from '../../ffmpeg/ffmpeg-locator.js';
import { JpegSplitter } from './jpeg-splitter.js';
import { LineLog, withoutPrefix } from '../../ffmpeg/line-log.js';
import type { MeasuredMedia, SourceStatus } from '../media-source.js';
import { OwnedProcess } from '../../ffmpeg/owned-process.js';
import { PeakMeter } from './peak-meter.js';
import { RestartableSource, type PreparableSource } from './restartable-source.js';
import { StallWatch, type PictureDeadlines } from '../stall-watch.js';

/**
 * Gets small JPEGs, about ten a second, while the source runs; with each the sound's peak since the one before, in dBFS.
 */
export type PreviewSink = (jpeg: Uint8Array, peakDb: number) => void;

export interface FfmpegSourceDependencies {
  readonly ffmpeg: FfmpegLocator;
  readonly logger: Logger;
  readonly onPreview?: PreviewSink;
  /** How long to wait for a picture, in milliseconds: the first one, and each one after. */
  readonly pictureDeadlines?: PictureDeadlines;
}

/** More where ffmpeg is slow to start: opening a device and loading an encoder is slower there too. */
const pictureDeadlines = (type: FfmpegSourceSpec['type'], startMs: number): PictureDeadlines => ({
  first: Math.min(10_000 + 10 * startMs, 60_000),
  // A file may hold a picture for long; a device does not.
  next: type === 'file' ? 60_000 : Math.min(5_000 + 5 * startMs, 30_000),
});
const exitDeadlineMs = 3_000;

interface Prepared {
  readonly ffmpeg: Ffmpeg;
  readonly plan: CapturePlan;
}

/** A source whose media ffmpeg captures and encodes. ffmpeg writes FLV to a pipe; where it goes, it never learns. */
export function createFfmpegSource(
  spec: FfmpegSourceSpec,
  encoding: Encoding,
  dependencies: FfmpegSourceDependencies,
): PreparableSource {
  const create = (videoBitrate: number): FfmpegSource =>
    new FfmpegSource(spec, { ...encoding, videoBitrate }, dependencies);
  const first = create(encoding.videoBitrate);
  return canRunTwice(spec) ? new RestartableSource(first, create) : first;
}

/** Only what needs no device and has no place in time can run beside itself for a moment. */
const canRunTwice = (spec: FfmpegSourceSpec): boolean =>
  spec.type === 'capture' && spec.video.type === 'test' && spec.audio.type !== 'microphone';

class FfmpegSource implements PreparableSource {
  readonly name: Wording;
  readonly #spec: FfmpegSourceSpec;
  readonly #encoding: Encoding;
  readonly #dependencies: FfmpegSourceDependencies;
  #hasAudio: boolean;
  #prepared: Promise<Prepared> | undefined;
  #plan: CapturePlan | undefined;
  /** As ffmpeg counts them, and those of which only a line in its log tells. */
  #dropped = 0;
  #lost = 0;
  /** What ffmpeg first complained of in the file. */
  #damage: Wording | undefined;
  /** Of a camera only: what a file or a test picture gives is what is in it. */
  readonly #frames: CameraFrames;

  constructor(spec: FfmpegSourceSpec, encoding: Encoding, dependencies: FfmpegSourceDependencies) {
    this.name = sourceName(spec);
    this.#spec = spec;
    this.#encoding = encoding;
    this.#dependencies = dependencies;
    this.#frames = new CameraFrames(encoding.fps);
    this.#hasAudio = spec.type === 'file' || spec.audio.type !== 'none';
  }

  /** For a file a guess until it is prepared: nobody has looked into it before. */
  get hasAudio(): boolean {
    return this.#hasAudio;
  }

  get capturesLive(): boolean {
    return this.#spec.type === 'capture';
  }

  get status(): SourceStatus {
    const notes = this.#plan?.notes ?? [];
    const account = this.#frames.account({ reading: this.#lost, encoder: this.#dropped });
    return {
      droppedFrames: this.#dropped + this.#lost,
      ...(account && { account }),
      ...(notes.length > 0 && { notes }),
    };
  }

  get measured(): MeasuredMedia | undefined {
    return this.#plan?.measured;
  }

  prepare(): Promise<Prepared> {
    this.#prepared ??= this.#prepare();
    return this.#prepared;
  }

  async *packets(signal: AbortSignal): AsyncGenerator<EncodedPacket, void, undefined> {
    const { ffmpeg, plan } = await this.prepare();
    if (signal.aborted) return;
    const child = new OwnedProcess(ffmpeg.path, plan.args);
    const log = this.#listen(child, plan);
    const stop = (): void => void child.stop();
    signal.addEventListener('abort', stop, { once: true });
    try {
      const { startMs } = ffmpeg;
      const deadlines =
        this.#dependencies.pictureDeadlines ?? pictureDeadlines(this.#spec.type, startMs);
      yield* this.#read(child, plan, log, deadlines, signal);
    } finally {
      signal.removeEventListener('abort', stop);
      await child.stop();
    }
  }

  async #prepare(): Promise<Prepared> {
    const { ffmpeg: locator, onPreview } = this.#dependencies;
    const ffmpeg = await locator.find();
    const plan = await planCapture(this.#spec, this.#encoding, ffmpeg, onPreview !== undefined);
    this.#hasAudio = plan.hasAudio;
    this.#plan = plan;
    return { ffmpeg, plan };
  }

  async *#read(
    child: OwnedProcess,
    plan: CapturePlan,
    log: LineLog,
    deadlines: PictureDeadlines,
    signal: AbortSignal,
  ): AsyncGenerator<EncodedPacket, void, undefined> {
    const media = child.output('media');
    const aborted = (): boolean => signal.aborted;
    const watch = new StallWatch(deadlines, () => media.destroy());
    const demuxer = new FlvDemuxer();
    const configs = this.#copiedConfigs(child, plan);
    const chunks = media[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
    try {
      for (;;) {
        const chunk = await watch.waitFor(chunks.next());
        if (chunk.done) break;
        for (const item of demuxer.push(chunk.value)) {
          if (item.type !== 'packet') continue;
          if (item.packet.track === 'video' && item.packet.type === 'frame') watch.pictureCame();
          yield* configs ? await configs.note(item.packet, signal) : [item.packet];
          if (aborted()) return;
        }
      }
    } catch (error) {
      if (aborted()) return;
      if (!watch.stalled) throw this.#failure(plan, log, whyUnreadable(error));
    }
    if (aborted()) return;
    if (watch.stalled) throw this.#stalled(plan, log, watch.waitedMs);
    const exit = await this.#awaitExit(child);
    if (aborted()) return;
    if (exit !== 0 || plan.endless) throw this.#failure(plan, log, exitReason(exit));
    const { file } = plan.context;
    if (file === undefined) return;
    const damage = this.#damage ?? (plan.isCutShort ? reason('cut-short') : undefined);
    if (damage !== undefined) {
      throw appError('FILE_DAMAGED', { file, reason: damage }, { phase: 'camera' });
    }
  }

  /** Reads all that is not media, without waiting for anybody, so that ffmpeg never stands still for it. */
  #listen(child: OwnedProcess, { writesFrameTimes = false }: CapturePlan): LineLog {
    const { logger, onPreview } = this.#dependencies;
    const log = new LineLog((line) => {
      this.#lost += lostFrames(line);
      this.#damage ??= damageIn(line);
      logger.debug({ line }, 'ffmpeg says');
    });
    const progress = new LineLog((line) => {
      this.#dropped = parseDroppedFrames(line) ?? this.#dropped;
    });
    const pictures = new JpegSplitter();
    const peak = new PeakMeter();
    child.output('log').on('data', (bytes: Uint8Array) => log.push(bytes));
    child.output('progress').on('data', (bytes: Uint8Array) => progress.push(bytes));
    child.output('preview').on('data', (bytes: Uint8Array) => {
      for (const picture of pictures.push(bytes)) onPreview?.(picture, peak.readPeak());
    });
    child.output('sound').on('data', (bytes: Uint8Array) => peak.push(bytes));
    if (writesFrameTimes) {
      const times = new LineLog((line) => this.#frames.note(line));
      child.output('frameTimes').on('data', (bytes: Uint8Array) => times.push(bytes));
    }
    return log;
  }

  #copiedConfigs(child: OwnedProcess, { context, writesAdts }: CapturePlan) {
    if (context.encoder !== undefined) return undefined;
    if (writesAdts !== true) return new CopiedConfigs(undefined);
    const adts = new AdtsFormats();
    const sound = child.output('sound').on('data', (bytes: Uint8Array) => adts.push(bytes));
    for (const end of ['end', 'close', 'error']) sound.on(end, () => adts.end());
    return new CopiedConfigs(adts);
  }

  async #awaitExit(child: OwnedProcess): Promise<number | undefined> {
    const timer = setTimeout(() => void child.stop(), exitDeadlineMs);
    const { code } = await child.exited;
    clearTimeout(timer);
    return code;
  }

  #failure({ context }: CapturePlan, log: LineLog, otherwise: Wording): AppError {
    const known = explainCapture(log.lines, context);
    if (known) return known;
    const last = log.lines.at(-1);
    const why = last === undefined ? otherwise : withoutPrefix(last);
    return unexplained(context, why);
  }

  #stalled({ context }: CapturePlan, log: LineLog, waitedMs: number): AppError {
    const known = explainCapture(log.lines, context);
    const data = { device: this.name, seconds: Math.round(waitedMs / 1000) };
    return known ?? appError('CAPTURE_STALLED', data, { phase: 'camera' });
  }
}

const whyUnreadable = (error: unknown): Wording =>
  error instanceof MalformedError ? reason('ffmpeg-wrote-no-flv') : String(error);
