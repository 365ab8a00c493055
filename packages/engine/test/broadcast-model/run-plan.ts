import { AppError, destinationsOf, type BroadcastSnapshot } from '@tallylight/contract';
import { parseRtmpUrl } from 'node-rtmp-client';
import { Broadcast } from '../../src/broadcast/broadcast.js';
import { createLogger } from '../../src/logger.js';
import { ModelServer } from './model-server.js';
import { ModelSource } from './model-source.js';
import { CollectingRecorder } from './collecting-recorder.js';
import { TransitionWatch } from './transition-watch.js';
import { WatchedDestination } from './watched-destination.js';
import { serverCount, type Plan, type PlanStep } from './plan.js';
import type { SimulatedTime } from './simulated-time.js';

const encoding = {
  ...{ width: 320, height: 180, fps: 4, keyframeInterval: 2 },
  ...{ videoBitrate: 500_000, audioBitrate: 128_000 },
};

const logger = createLogger({ level: 'silent' });

/** A stop is done within this, from every state. Milliseconds. */
export const stopMs = 5_000;
/** What can come back is back within this, once everything is mended: the longest wait, and the way to LIVE. */
const backMs = 60_000;

export interface PlanResult {
  readonly problems: readonly string[];
  /** What it went through, to see that it went through everything. */
  readonly seen: ReadonlySet<string>;
  readonly simulatedMs: number;
}

/** Runs one sequence of what people do and what breaks, and looks whether everything holds that must. */
export async function runPlan(plan: Plan, time: SimulatedTime): Promise<PlanResult> {
  return new PlanRun(plan, time).run();
}

class PlanRun {
  readonly #plan: Plan;
  readonly #time: SimulatedTime;
  readonly #problems: string[] = [];
  readonly #source: ModelSource;
  readonly #servers: readonly ModelServer[];
  readonly #destinations: WatchedDestination[] = [];
  readonly #recorders: CollectingRecorder[] = [];
  readonly #broadcast: Broadcast;
  readonly #watch: TransitionWatch;
  #ended: BroadcastSnapshot | undefined;

  constructor(plan: Plan, time: SimulatedTime) {
    this.#plan = plan;
    this.#time = time;
    this.#source = new ModelSource(plan);
    this.#servers = Array.from(
      { length: serverCount },
      (_, index) => new ModelServer(`key-${index}`, this.#source.isReference, this.#problem),
    );
    for (const [index, mode] of plan.modes.entries()) this.#server(index).mode = mode;
    this.#watch = new TransitionWatch(this.#problem);
    if (plan.hasRecorder) this.#recorders.push(this.#newRecorder());
    this.#broadcast = new Broadcast({
      ...{ source: this.#source, encoding, logger, version: '1.2.3' },
      outputs: [...plan.servers.map((index) => this.#newDestination(index)), ...this.#recorders],
    });
    this.#broadcast.watch(this.#watch.see);
  }

  async run(): Promise<PlanResult> {
    const begun = this.#time.now;
    void this.#broadcast.run().then((snapshot) => (this.#ended = snapshot));
    for (const step of this.#plan.steps) {
      await this.#time.pass(step.afterMs);
      if (this.#ended) break;
      this.#do(step);
    }
    if (this.#plan.isMended && !this.#ended) await this.#mend();
    await this.#stop();
    await this.#checkEnd();
    return {
      problems: this.#problems,
      seen: this.#watch.seen,
      simulatedMs: this.#time.now - begun,
    };
  }

  readonly #problem = (what: string): void => {
    this.#problems.push(`${Math.round(this.#time.now)} ms: ${what}`);
  };

  #server(index: number): ModelServer {
    const server = this.#servers[index];
    if (!server) throw new Error(`no server ${index}`);
    return server;
  }

  #newDestination(index: number): WatchedDestination {
    const server = this.#server(index);
    const { key } = server;
    const destination = new WatchedDestination({
      target: { id: key, name: key, address: parseRtmpUrl('rtmp://x.example/app'), streamKey: key },
      logger,
      publish: server.publish,
      onBug: (error) => this.#problem(String(error)),
    });
    this.#destinations.push(destination);
    return destination;
  }

  #newRecorder(): CollectingRecorder {
    const id = `recording-${this.#recorders.length}`;
    const recorder = new CollectingRecorder(id, this.#source.isReference, this.#problem);
    return recorder;
  }

  #do(step: PlanStep): void {
    const broadcast = this.#broadcast;
    switch (step.type) {
      case 'add':
        // One that was removed may be on its way out still, as an engine's profile may.
        this.#attempt(() => {
          const isBusy = this.#destinations.some(
            ({ id, isGone }) => id === this.#server(step.server).key && !isGone,
          );
          if (!isBusy) broadcast.add(this.#newDestination(step.server));
        });
        return;
      case 'remove':
        this.#attempt(() => broadcast.remove(this.#server(step.server).key));
        return;
      case 'finish':
        this.#attempt(() => broadcast.finish(this.#server(step.server).key));
        return;
      case 'retry':
        this.#attempt(() => broadcast.retry(this.#server(step.server).key));
        return;
      case 'cap':
        this.#attempt(() => broadcast.setVideoBitrate(step.bitrate));
        return;
      case 'record':
        this.#attempt(() => {
          const recorder = this.#newRecorder();
          broadcast.add(recorder);
          this.#recorders.push(recorder);
        });
        return;
      case 'stop-recording':
        this.#attempt(() => broadcast.finish(this.#recorders.at(-1)?.id ?? 'recording-0'));
        return;
      case 'network-up':
        broadcast.networkUp();
        return;
      case 'restart-encoder':
        this.#source.restartEncoder();
        return;
      case 'source-stalls':
        this.#source.flows = false;
        setTimeout(() => (this.#source.flows = true), step.forMs);
        return;
      case 'source-ends':
        this.#source.end('ends');
        return;
      case 'source-fails':
        this.#source.end('fails');
        return;
      case 'source-is-deaf':
        this.#source.isDeaf = true;
        return;
      default:
        this.#breakServer(step);
    }
  }

  #breakServer(step: Extract<PlanStep, { server: number }>): void {
    const server = this.#server(step.server);
    const { newest } = server;
    switch (step.type) {
      case 'mode':
        server.mode = step.mode;
        return;
      case 'latency':
        server.latencyMs = step.ms;
        return;
      case 'pings':
        server.answersPings = step.answered;
        server.acknowledges = step.answered;
        newest?.wake();
        return;
      case 'reset':
        newest?.lose('reset');
        return;
      case 'close':
        newest?.lose('closed');
        return;
      case 'stall':
        if (newest) newest.reads = false;
        return;
      case 'flow':
        newest?.readsAgain();
        return;
      case 'half-open':
        if (!newest || newest.isOver) return;
        newest.lose('reset');
        server.holdsOldUntil = this.#time.now + step.heldMs;
        return;
      case 'move':
        void newest?.move(step.ms);
        return;
      case 'add':
      case 'remove':
      case 'finish':
      case 'retry':
        return;
    }
  }

  /** What cannot be done in a state is said with the application's own errors. */
  #attempt(act: () => Promise<void> | void): void {
    const note = (error: unknown): void => {
      if (!(error instanceof AppError)) this.#problem(String(error));
    };
    try {
      void Promise.resolve(act()).catch(note);
    } catch (error) {
      note(error);
    }
  }

  /** Whatever has not failed for good is live again. */
  async #mend(): Promise<void> {
    this.#source.flows = true;
    for (const server of this.#servers) {
      server.mode = 'up';
      server.latencyMs = 20;
      server.answersPings = true;
      server.acknowledges = true;
      server.holdsOldUntil = 0;
      server.newest?.readsAgain();
    }
    const isBack = (): boolean =>
      this.#ended !== undefined ||
      destinationsOf(this.#broadcast.snapshot).every(({ state }) =>
        ['live', 'failed', 'stopped'].includes(state),
      );
    if (await this.#time.passUntil(isBack, backMs)) return;
    if (this.#source.isOver) return;
    const states = destinationsOf(this.#broadcast.snapshot).map(({ id, state }) => [id, state]);
    this.#problem(`not back when all was mended: ${JSON.stringify(states)}`);
  }

  async #stop(): Promise<void> {
    if (this.#ended) return;
    const begun = this.#time.now;
    const before = JSON.stringify(
      this.#broadcast.snapshot.outputs.map(({ id, state }) => [id, state]),
    );
    const { flushMs } = this.#plan;
    if (flushMs > 0) setTimeout(() => this.#source.end('ends'), flushMs / 2);
    void this.#broadcast.stop(flushMs);
    const isDone = await this.#time.passUntil(() => this.#ended !== undefined, 60_000);
    const tookMs = this.#time.now - begun;
    if (!isDone) this.#problem(`never stopped, from ${before}`);
    else if (tookMs > stopMs) this.#problem(`stopped after ${tookMs} ms, from ${before}`);
  }

  async #checkEnd(): Promise<void> {
    const before = JSON.stringify(this.#destinations.map(({ status }) => status));
    // What was set to tell that something takes too long keeps nothing alive, and goes off into nothing.
    this.#source.isDeaf = false;
    await this.#time.pass(15_000);
    const after = JSON.stringify(this.#destinations.map(({ status }) => status));
    if (after !== before) this.#problem(`went on after the end: ${before} → ${after}`);
    if (this.#time.timers > 0) this.#problem(`${this.#time.timers} timers are left`);
    if (!this.#source.isClosed) this.#problem('the source is open');
    for (const server of this.#servers) {
      if (server.opening > 0) this.#problem(`${server.key} is still being connected to`);
      if (server.open.length > 0) this.#problem(`${server.key} is still connected`);
    }
    const { statistics } = this.#broadcast.snapshot;
    const frames = { video: statistics?.video.frames ?? 0, audio: statistics?.audio.frames ?? 0 };
    for (const { id, received, isFinished } of this.#recorders) {
      const gaps = received.gaps.video + received.gaps.audio;
      if (gaps > 0) this.#problem(`${id} lacks ${gaps} frames`);
      if (!isFinished) this.#problem(`${id} was not finished`);
    }
    const [first] = this.#recorders;
    if (this.#plan.hasRecorder && first && !this.#wasRecordingStopped()) {
      const got = first.received.frames;
      if (got.video !== frames.video || got.audio !== frames.audio) {
        this.#problem(`recorded ${JSON.stringify(got)} of ${JSON.stringify(frames)}`);
      }
    }
    for (const destination of this.#destinations) this.#checkAccount(destination);
  }

  #wasRecordingStopped(): boolean {
    return this.#plan.steps.some(({ type }) => type === 'stop-recording');
  }

  /** What it was given was sent, dropped or missed, or passed before it was live. */
  #checkAccount({ id, status, given }: WatchedDestination): void {
    const { framesSent, framesDropped, droppedBy, goLiveMs } = status;
    const { framesMissed = NaN, framesBefore = NaN } = status;
    const { network = NaN, move = NaN } = droppedBy ?? {};
    if (network + move !== framesDropped) {
      this.#problem(`${id}: ${network} + ${move} are not the ${framesDropped} dropped`);
    }
    const isMoved = this.#plan.steps.some(({ type }) => type === 'move');
    if (move > 0 && !isMoved) this.#problem(`${id}: ${move} lost by a move that was none`);
    if (goLiveMs === undefined && framesDropped + framesMissed > 0) {
      this.#problem(`${id} was never live, and lost ${framesDropped} + ${framesMissed}`);
    }
    const sum = framesSent + framesDropped + framesMissed + framesBefore;
    if (sum !== given) {
      const lost = `${framesDropped} dropped + ${framesMissed} missed`;
      const parts = `${framesSent} sent + ${lost} + ${framesBefore} before`;
      this.#problem(`${id}: ${parts} of ${given}`);
    }
  }
}
