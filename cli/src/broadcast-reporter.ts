import {
  destinationsOf,
  phaseSchema,
  recordingsOf,
  type AppErrorInfo,
  type BroadcastSnapshot,
  type Step,
} from '@tallylight/contract';
import type { CliMessages } from '@tallylight/messages/cli';
import { padEnd } from './columns.js';
import type { Printer } from './printer.js';

const marks = { done: '✓', failed: '✗' } as const;

/** What `describeStep` puts into words: a step of the checklist, or a phase of a connection that is only tried. */
interface DescribableStep extends Omit<Step, 'phase'> {
  readonly phase: string;
}

/** A finished line of the checklist; `undefined` for a step that is still to come or does not apply. */
export function describeStep(
  step: DescribableStep,
  { t, wording }: CliMessages,
): string | undefined {
  if (step.state !== 'done' && step.state !== 'failed') return undefined;
  const time = step.elapsedMs === undefined ? '' : formatMilliseconds(step.elapsedMs);
  // A connection that is only tried may have phases that no broadcast has.
  const { data: phase } = phaseSchema.safeParse(step.phase);
  const name = phase ? t(`phases.${phase}.short`) : step.phase;
  const line = `  ${marks[step.state]} ${padEnd(name, 18)}${time.padStart(8)}`;
  return step.detail === undefined ? line.trimEnd() : `${line}  ${wording(step.detail)}`;
}

const formatMilliseconds = (ms: number): string =>
  ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;

/** `h:mm:ss` */
export function formatDuration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** Snapshots come twice a second and at each change; figures are told no more often than that. */
const statisticsEveryMs = 450;

/** A source that is this late does not keep up; people are told once. */
const lateMs = 2_000;

/** Tells a broadcast as it goes: each change as JSON, and for people each step of the checklist once. */
export class BroadcastReporter {
  readonly #printer: Printer;
  readonly #told = new Set<string>();
  #lastState = '';
  #wasLive = false;
  #lastStatisticsAt = -Infinity;

  constructor(printer: Printer) {
    this.#printer = printer;
  }

  update(snapshot: BroadcastSnapshot): void {
    this.#tellState(snapshot);
    for (const step of snapshot.captureSteps) this.#tellStep('', undefined, step);
    const destinations = destinationsOf(snapshot);
    for (const { id, name, steps, lastError } of destinations) {
      for (const step of steps) {
        this.#tellStep(id, destinations.length > 1 ? name : undefined, step);
      }
      if (lastError) this.tellError(lastError, id);
    }
    if (snapshot.error) this.tellError(snapshot.error);
    if (snapshot.state === 'live' && !this.#wasLive) {
      this.#wasLive = true;
      this.#printer.say('LIVE');
    }
    if (snapshot.state === 'live' || snapshot.state === 'connecting')
      this.#tellStatistics(snapshot);
  }

  /** Each error is told once, whether it came by a snapshot, for a destination or for all, or was thrown. */
  tellError(error: AppErrorInfo, destinationId?: string): void {
    const what = JSON.stringify(error);
    const isNews =
      destinationId === undefined
        ? this.#isNew(`error ${what}`)
        : this.#isNew(`error ${what} ${destinationId}`);
    this.#told.add(`error ${what}`);
    if (isNews) this.#printer.error(error);
  }

  #tellState(snapshot: BroadcastSnapshot): void {
    const { state, captureSteps } = snapshot;
    const [recording] = recordingsOf(snapshot);
    const line = {
      state,
      captureSteps,
      destinations: destinationsOf(snapshot).map(({ id, name, url, state, steps, watchUrl }) => ({
        ...{ id, name, url, state, steps },
        ...(watchUrl !== undefined && { watchUrl }),
      })),
      ...(recording && { recording: { path: recording.path } }),
    };
    const serialized = JSON.stringify(line);
    if (serialized === this.#lastState) return;
    this.#lastState = serialized;
    this.#printer.state(line);
  }

  #tellStep(id: string, destination: string | undefined, step: Step): void {
    const line = describeStep(step, this.#printer.messages);
    if (line === undefined || !this.#isNew(`step ${id} ${step.phase} ${step.state}`)) return;
    this.#printer.say(destination === undefined ? line : `${line}  (${destination})`);
  }

  #tellStatistics(snapshot: BroadcastSnapshot): void {
    const { state, statistics } = snapshot;
    const { t, number } = this.#printer.messages;
    const destinations = destinationsOf(snapshot);
    const [recording] = recordingsOf(snapshot);
    if (!statistics || statistics.video.frames === 0) return;
    if (Date.now() - this.#lastStatisticsAt < statisticsEveryMs) return;
    this.#lastStatisticsAt = Date.now();
    this.#printer.stats({
      ...statistics,
      destinations: destinations.map((d) => ({
        ...{ id: d.id, state: d.state, bytesSent: d.bytesSent, framesSent: d.framesSent },
        ...{ framesDropped: d.framesDropped, reconnects: d.reconnects, rttMs: d.rttMs },
      })),
      ...(recording && { recording: { path: recording.path, bytes: recording.bytes } }),
    });
    if ((statistics.behindMs ?? 0) >= lateMs && this.#isNew('late')) {
      this.#printer.say(`  ${t('cli.publish.late')}`);
    }
    // Before that the checklist tells how it goes, and figures would only stand between its lines.
    if (state !== 'live') return;
    const kilobits = number(Math.round(statistics.bitrate / 1000));
    const dropped = destinations.reduce(
      (sum, d) => sum + d.framesDropped,
      statistics.video.droppedFrames,
    );
    const time = formatDuration(statistics.durationMs);
    const fps = number(statistics.video.fps, {
      minimumFractionDigits: 1,
      maximumFractionDigits: 1,
    });
    this.#printer.progress(`  ${t('cli.publish.progress', { time, kilobits, fps, dropped })}`);
  }

  #isNew(what: string): boolean {
    if (this.#told.has(what)) return false;
    this.#told.add(what);
    return true;
  }
}
