import type { BitrateController } from '../../src/broadcast/bitrate/bitrate-controller.js';
import { DeliveryMeter, type Ping } from '../../src/outputs/rtmp/delivery-meter.js';

/** Milliseconds of simulated time between two steps. */
const tickMs = 10;
const frameMs = 40;
const framesPerGroup = 50;
const keyframeWeight = 6;
const adaptEveryMs = 250;
/** Milliseconds of picture that wait here before some is dropped, as in the queue of a destination. */
const mostQueuedMs = 2_000;

export interface LineOptions {
  /** Bits per second that it has room for at a time in milliseconds. */
  readonly rate: (atMs: number) => number;
  /** Milliseconds there and back while nothing waits. */
  readonly rttMs?: number;
  /** What the system and the routers hold. */
  readonly bufferBytes?: number;
}

interface Piece {
  readonly bytes: number;
  readonly atMs: number;
  readonly isVideo: boolean;
}

/** A way to a server: what the application holds, then buffers that nobody sees, which empty at the line's rate. */
class SimulatedLine {
  readonly #o: Required<LineOptions>;
  #queue: Piece[] = [];
  /** Positions in all bytes: what has left the application, and what has arrived. */
  #left = 0;
  #arrived = 0;
  #pings: { readonly ping: Ping; answeredAt: number | undefined }[] = [];
  #askedAt = -Infinity;
  readonly meter = new DeliveryMeter();
  framesSent = 0;
  framesDropped = 0;

  constructor(options: LineOptions) {
    this.#o = { rttMs: 40, bufferBytes: 256 * 1024, ...options };
  }

  get queuedMs(): number {
    const video = this.#queue.filter(({ isVideo }) => isVideo);
    return (video.at(-1)?.atMs ?? 0) - (video[0]?.atMs ?? 0);
  }

  get inFlight(): number {
    return this.#left - this.#arrived;
  }

  write(piece: Piece): void {
    this.#queue.push(piece);
    if (this.queuedMs <= mostQueuedMs) return;
    const dropped = this.#queue.filter(({ isVideo }) => isVideo);
    this.framesDropped += dropped.length;
    this.#queue = this.#queue.filter(({ isVideo }) => !isVideo);
  }

  tick(now: number): void {
    const { rate, rttMs, bufferBytes } = this.#o;
    this.#arrived = Math.min(this.#left, this.#arrived + (rate(now) * tickMs) / 8_000);
    for (let [first] = this.#queue; first; [first] = this.#queue) {
      if (this.inFlight + first.bytes > bufferBytes) break;
      this.#queue.shift();
      this.#left += first.bytes;
      if (first.isVideo) this.framesSent += 1;
    }
    for (const each of this.#pings) {
      if (each.answeredAt === undefined && each.ping.bytes <= this.#arrived) {
        each.answeredAt = now + rttMs;
      }
    }
    for (let [first] = this.#pings; (first?.answeredAt ?? Infinity) <= now; [first] = this.#pings) {
      this.#pings.shift();
      if (first) this.meter.answer(first.ping, now);
    }
    const isCalm = (this.meter.delivery(now)?.delayMs ?? 0) < 100;
    if (now - this.#askedAt < (isCalm ? 500 : 250) || this.meter.unanswered >= 16) return;
    this.#askedAt = now;
    this.#pings.push({ ping: this.meter.ask(now, this.#left), answeredAt: undefined });
  }
}

export interface Moment {
  readonly atMs: number;
  readonly asked: number;
  readonly cap: number;
  /** Milliseconds that wait for each line, unseen ones included. */
  readonly waitsMs: readonly number[];
}

export interface SimulationOptions {
  readonly lines: readonly LineOptions[];
  readonly controller: BitrateController;
  readonly audioBitrate: number;
  readonly durationMs: number;
  /** From the order to what comes out of the encoder. */
  readonly encoderLagMs?: number;
  /** From 0 to 1, for the sizes of frames. */
  readonly random?: () => number;
  /** Called before each step. */
  readonly onStep?: (atMs: number, controller: BitrateController) => void;
}

export interface Simulation {
  /** Four a second. */
  readonly moments: readonly Moment[];
  readonly lines: readonly { readonly framesSent: number; readonly framesDropped: number }[];
}

/** A controller, an encoder that obeys it and the ways to some servers, in simulated time. */
export function simulate(options: SimulationOptions): Simulation {
  const { controller, audioBitrate, durationMs, encoderLagMs = 100, random = () => 0.5 } = options;
  const lines = options.lines.map((each) => new SimulatedLine(each));
  const moments: Moment[] = [];
  const orders = [{ at: 0, bitrate: controller.asked }];
  for (let now = 0; now < durationMs; now += tickMs) {
    if (now % frameMs === 0) {
      const order = orders.findLast(({ at }) => at <= now)?.bitrate ?? 0;
      const index = now / frameMs;
      const isKeyframe = index % framesPerGroup === 0;
      const mean = (order * frameMs) / 8_000;
      const weight = framesPerGroup / (framesPerGroup - 1 + keyframeWeight);
      const bytes = mean * weight * (isKeyframe ? keyframeWeight : 0.7 + 0.6 * random());
      const sound = (audioBitrate * frameMs) / 8_000;
      for (const line of lines) {
        line.write({ bytes, atMs: now, isVideo: true });
        line.write({ bytes: sound, atMs: now, isVideo: false });
      }
    }
    for (const line of lines) line.tick(now);
    if (now % adaptEveryMs !== 0) continue;
    options.onStep?.(now, controller);
    const measured = lines.map((line, index) => {
      const delivery = line.meter.delivery(now);
      const pressure = { queuedMs: line.queuedMs, queuedBytes: 0, ...(delivery && { delivery }) };
      return { id: `${index}`, pressure };
    });
    const asked = controller.step(now, measured);
    if (asked !== orders.at(-1)?.bitrate) orders.push({ at: now + encoderLagMs, bitrate: asked });
    const waitsMs = lines.map(
      (line, index) =>
        line.queuedMs + (8_000 * line.inFlight) / Math.max(1, options.lines[index]?.rate(now) ?? 1),
    );
    moments.push({ atMs: now, asked, cap: controller.cap, waitsMs });
  }
  return { moments, lines };
}
