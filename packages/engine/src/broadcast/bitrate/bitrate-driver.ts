import {
  appError,
  type BitrateAdaptation,
  type Encoding,
  type PictureBitrate,
} from '@tallylight/contract';
import type { Logger } from '../../logger.js';
import type { Output } from '../../outputs/output.js';
import type { MediaSource } from '../../sources/media-source.js';
import { LoopLateness } from '../loop-lateness.js';
import { BitrateController, type MeasuredDestination } from './bitrate-controller.js';

export interface BitrateDriverOptions {
  readonly source: MediaSource;
  readonly encoding: Encoding;
  readonly adaptation: BitrateAdaptation;
  /** In their order. */
  readonly outputs: () => Iterable<Output>;
  readonly logger: Logger;
  /** The encoder has been told another bitrate, in bits per second. */
  readonly onTold: (bitrate: number) => void;
}

const lookEveryMs = 250;
/** Where the encoder did not take a bitrate, it is left in peace for so long. */
const afterFailureMs = 10_000;

/** Has a source encode the picture as the user wants it, or as its destinations take it. */
export class BitrateDriver {
  readonly #o: BitrateDriverOptions;
  readonly #controller: BitrateController;
  readonly #lateness = new LoopLateness();
  #ordered: number;
  /** What the encoder does by now. */
  #told: number;
  #timer: NodeJS.Timeout | undefined;
  #failedAt = -Infinity;

  constructor(options: BitrateDriverOptions) {
    this.#o = options;
    const { source, encoding, adaptation } = options;
    this.#controller = new BitrateController({
      policy: adaptation === 'off' ? 'protect-all' : adaptation,
      cap: encoding.videoBitrate,
      audioBitrate: source.hasAudio ? encoding.audioBitrate : 0,
      changes: source.control?.restartsEncoder === true ? 'restart' : 'in-place',
    });
    this.#ordered = encoding.videoBitrate;
    this.#told = encoding.videoBitrate;
  }

  /** What the user wants. */
  get limit(): number {
    return this.#controller.cap;
  }

  /** Undefined where the encoder cannot be told. */
  get status(): PictureBitrate | undefined {
    if (!this.#o.source.control?.setVideoBitrate) return undefined;
    const { cap, loweredFor, overruled } = this.#controller;
    const { adaptation } = this.#o;
    return {
      ...{ asked: this.#told, limit: cap, adaptation },
      ...{ loweredFor: [...loweredFor], overruled: [...overruled] },
    };
  }

  start(): void {
    if (this.#o.adaptation === 'off') return;
    this.#lateness.start();
    this.#timer = setInterval(() => this.#look(), lookEveryMs);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#lateness.stop();
  }

  /**
   * What the user wants from now on, in bits per second. Less is done when it resolves; more comes as the destinations take
   * it.
   *
   * @throws AppError `CANNOT_CHANGE_BITRATE` where the source cannot, or why another encoder did not start.
   */
  async setLimit(bitrate: number): Promise<void> {
    const { source, adaptation } = this.#o;
    if (!source.control?.setVideoBitrate) {
      throw appError('CANNOT_CHANGE_BITRATE', { source: source.name });
    }
    const before = this.#controller.cap;
    this.#controller.setCap(bitrate);
    try {
      await this.#order(adaptation === 'off' ? bitrate : this.#controller.asked);
    } catch (error) {
      this.#controller.setCap(before);
      throw error;
    }
  }

  #look(): void {
    if (!this.#o.source.control?.setVideoBitrate) return;
    const measured = [...this.#o.outputs()].flatMap((output) => measure(output) ?? []);
    const asked = this.#controller.step(performance.now(), measured, this.#lateness.look());
    if (performance.now() - this.#failedAt < afterFailureMs) return;
    this.#order(asked).catch((error: unknown) => {
      this.#failedAt = performance.now();
      this.#o.logger.warn({ err: error }, 'the encoder did not take another bitrate');
    });
  }

  async #order(bitrate: number): Promise<void> {
    if (bitrate === this.#ordered) return;
    const { source, logger, onTold } = this.#o;
    this.#ordered = bitrate;
    logger.info({ bitrate, limit: this.limit }, 'the encoder is asked for another bitrate');
    try {
      await source.control?.setVideoBitrate?.(bitrate);
    } catch (error) {
      // The encoder before goes on as it did.
      this.#ordered = this.#told;
      throw error;
    }
    this.#told = bitrate;
    onTold(bitrate);
  }
}

/** Undefined of one that is away, or is not for viewers: it has no say. */
function measure({ id, status, pressure }: Output): MeasuredDestination | undefined {
  if (status.type !== 'rtmp' || status.state !== 'live') return undefined;
  return status.silentMs === undefined ? { id, pressure } : undefined;
}
