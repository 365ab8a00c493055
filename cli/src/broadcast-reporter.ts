import {
  destinationsOf,
  isRefusal,
  leavingRates,
  minutesLeft,
  reason,
  recordingsOf,
  replayOf,
  soundBehind,
  type AppErrorInfo,
  type BroadcastSnapshot,
  type BroadcastEvent,
  type DestinationStatus,
  type Step,
} from '@tallylight/contract';
import { BroadcastLog } from '@tallylight/engine';
import { saidName } from './destination-name.js';
import { BitrateStory } from './bitrate-story.js';
import { describeStep } from './describe-step.js';
import { DestinationStory, type DestinationEvent } from './destination-story.js';
import { formatDuration } from './format-duration.js';
import type { Printer, Remedy } from './printer.js';

/** Snapshots come twice a second and at each change; figures are told no more often than that. */
const statisticsEveryMs = 450;

/** A source that is this late does not keep up; people are told once. */
const lateMs = 2_000;

/** Sound that is behind the picture by less has caught up, whatever else is wrong by then. */
const soundLateMs = 800;

interface ReporterOptions {
  /** The source is sent as it is, and nothing is encoded. */
  readonly isCopy?: boolean;
  /** Everything that happens has a line. */
  readonly tellsEvents?: boolean;
  /** It can be led by lines on stdin. */
  readonly isControlled?: boolean;
}

/** Tells a broadcast as it goes: each change as JSON, and for people each step of the checklist once. */
export class BroadcastReporter {
  readonly #printer: Printer;
  readonly #isCopy: boolean;
  readonly #isControlled: boolean;
  readonly #told = new Set<string>();
  readonly #stories = new Map<string, DestinationStory>();
  #lastState = '';
  #was: BroadcastSnapshot['state'] = 'idle';
  #wasLive = false;
  #isSoundBehind = false;
  readonly #log: BroadcastLog | undefined;
  readonly #bitrateStory = new BitrateStory();
  #presence: BroadcastSnapshot['presence'];
  #awayAt: number | undefined;
  #lastStatisticsAt = -Infinity;

  constructor(printer: Printer, options: ReporterOptions = {}) {
    const { isCopy = false, tellsEvents = false, isControlled = false } = options;
    this.#printer = printer;
    this.#isCopy = isCopy;
    this.#isControlled = isControlled;
    this.#log = tellsEvents ? new BroadcastLog() : undefined;
  }

  update(snapshot: BroadcastSnapshot): void {
    this.#tellState(snapshot);
    for (const entry of this.#log?.receive(snapshot) ?? []) {
      this.#printer.event(entry, remedyOf(entry, destinationsOf(snapshot).length));
    }
    for (const step of snapshot.captureSteps) this.#tellStep('', undefined, step);
    const destinations = destinationsOf(snapshot);
    for (const destination of destinations) {
      const { id, steps } = destination;
      for (const step of steps) {
        this.#tellStep(id, destinations.length > 1 ? this.#nameOf(destination) : undefined, step);
      }
      this.#tellStory(destination, snapshot);
    }
    this.#tellRecordings(snapshot);
    if (snapshot.error) this.tellError(snapshot.error);
    this.#tellAir(snapshot);
    this.#tellPresence(snapshot);
    this.#tellSound(snapshot);
    for (const told of this.#bitrateStory.follow(snapshot, this.#printer.messages)) {
      this.#printer.notice(told);
    }
    if (['connecting', 'recording', 'live', 'reconnecting'].includes(snapshot.state)) {
      this.#tellStatistics(snapshot);
    }
  }

  /** Somebody has asked to try a destination again. */
  retried(id: string): void {
    this.#stories.get(id)?.retried();
  }

  /** What nobody was told yet, whether it came by a snapshot or was thrown. */
  tellError(error: AppErrorInfo): void {
    if (this.#isNew(`error ${JSON.stringify(error)}`)) this.#printer.error(error);
  }

  #tellState(snapshot: BroadcastSnapshot): void {
    const { state, presence, captureSteps } = snapshot;
    const recordings = recordingsOf(snapshot).map(
      ({ id, name, path, state: each, lastError, isPaused }) => ({
        ...{ id, name, path, state: each },
        ...(isPaused && { isPaused }),
        ...(lastError && { lastError }),
      }),
    );
    const line = {
      state,
      ...(presence && { presence }),
      captureSteps,
      destinations: destinationsOf(snapshot).map((d) => ({
        ...{ id: d.id, name: d.name, url: d.url, state: d.state, steps: d.steps },
        ...(d.watchUrl !== undefined && { watchUrl: d.watchUrl }),
        ...(d.lostAt !== undefined && { lostAt: d.lostAt }),
        ...(d.waiting && { waiting: d.waiting }),
        ...(d.gaveUp && { gaveUp: true }),
      })),
      ...(recordings[0] && { recording: recordings[0] }),
      ...(recordings.length > 1 && { recordings }),
    };
    const serialized = JSON.stringify(line);
    if (serialized === this.#lastState) return;
    this.#lastState = serialized;
    this.#printer.state(line);
  }

  #tellStep(id: string, destination: string | undefined, step: Step): void {
    // First, since each snapshot has all steps, and words cost more.
    const told = `step ${id} ${step.phase} ${step.state}`;
    if (this.#told.has(told)) return;
    const phase = this.#isCopy && step.phase === 'encoder' ? 'copied' : step.phase;
    const line = describeStep({ ...step, phase }, this.#printer.messages);
    if (line === undefined) return;
    this.#told.add(told);
    const { t } = this.#printer.messages;
    const of = destination === undefined ? '' : t('cli.publish.stepOf', { name: destination });
    this.#printer.say(line + of);
  }

  #tellStory(destination: DestinationStatus, snapshot: BroadcastSnapshot): void {
    const { id } = destination;
    const story = this.#stories.get(id) ?? new DestinationStory();
    this.#stories.set(id, story);
    for (const event of story.follow(destination, Date.now())) {
      this.#tellEvent(destination, event, snapshot);
    }
  }

  #tellEvent(
    destination: DestinationStatus,
    event: DestinationEvent,
    snapshot: BroadcastSnapshot,
  ): void {
    const { t, number } = this.#printer.messages;
    const name = this.#nameOf(destination);
    switch (event.type) {
      case 'trouble':
        this.#tellTrouble(destination, event, snapshot);
        return;
      case 'first-try': {
        const seconds = number(event.inMs / 1000, { maximumFractionDigits: 1 });
        this.#printer.say(`  ${t('cli.publish.nextTry', { name, attempt: 1, seconds })}`);
        return;
      }
      case 'reading': {
        const key = event.isTaken ? 'cli.publish.readingTaken' : 'cli.publish.nextReading';
        this.#printer.say(`  ${t(key, { url: event.url })}`);
        return;
      }
      case 'silent': {
        const seconds = Math.round(event.forMs / 1000);
        this.#printer.notice(reason('server-silent', { server: name, seconds }));
        return;
      }
      case 'answers':
        this.#printer.notice(reason('server-answers-again', { server: name }));
        return;
      case 'back': {
        const { attempt, afterMs } = event;
        const time = formatDuration(afterMs);
        this.#printer.say(`● ${t('cli.publish.back', { name, time, attempt })}`);
        return;
      }
    }
  }

  #tellTrouble(
    { id, name, state }: DestinationStatus,
    { error, then }: Extract<DestinationEvent, { readonly type: 'trouble' }>,
    snapshot: BroadcastSnapshot,
  ): void {
    // What is told of one destination is not told again as the failure of all.
    this.#told.add(`error ${JSON.stringify(error)}`);
    const { messages } = this.#printer;
    const { length: count } = destinationsOf(snapshot);
    this.#printer.error(error, {
      destination: name,
      ...(count > 1 && { of: this.#nameOf({ name }) }),
      ...(then === 'tries-again' && { remedy: triesAgain(count) }),
    });
    if (then === 'gave-up') {
      this.#printer.say(`  ${messages.gaveUp(isRefusal(error) ? 'refused' : 'failed')}`);
    }
    const goesOn = destinationsOf(snapshot).some(
      (each) => each.id !== id && each.state !== 'failed' && each.state !== 'stopped',
    );
    if (this.#isControlled && state === 'failed' && goesOn) {
      const line = JSON.stringify({ type: 'retry', name });
      this.#printer.say(`  ${messages.t('cli.publish.retryStill', { line })}`);
    }
  }

  /** A recording that fails while the broadcast goes on is told at once: nobody can mend it afterwards. */
  #tellRecordings(snapshot: BroadcastSnapshot): void {
    const { t } = this.#printer.messages;
    for (const recording of recordingsOf(snapshot)) {
      const { path, lastError } = recording;
      const minutes = minutesLeft(recording);
      if (minutes !== undefined && this.#isNew(`space ${path}`)) {
        this.#printer.notice(
          minutes < 1
            ? reason('space-lowest', { file: path })
            : reason('space-low', { file: path, minutes }),
        );
      }
      if (!lastError || !this.#isNew(`error ${JSON.stringify(lastError)}`)) continue;
      this.#printer.error(lastError);
      if (snapshot.state !== 'stopping' && snapshot.state !== 'ended') {
        this.#printer.say(`  ${t('cli.publish.goesOnUnrecorded')}`);
      }
    }
  }

  #tellAir({ state }: BroadcastSnapshot): void {
    const { t } = this.#printer.messages;
    if (state === 'live' && !this.#wasLive) {
      this.#wasLive = true;
      this.#printer.say(t('cli.publish.live'));
    }
    if (state === 'recording' && this.#was !== state) {
      this.#printer.say(
        t(this.#wasLive ? 'cli.publish.onlyRecordedNow' : 'cli.publish.onlyRecorded'),
      );
    }
    if (state === 'live' && this.#was === 'recording' && this.#wasLive) {
      this.#printer.say(t('cli.publish.live'));
    }
    if (state === 'reconnecting' && this.#was !== state) {
      this.#printer.say(`○ ${t('cli.publish.offAir')}`);
    }
    this.#was = state;
  }

  /** Of a stream that others give: that it is waited for, is away, and is back. */
  #tellPresence({ state, presence, captureSteps, startedAt = 0 }: BroadcastSnapshot): void {
    if (!presence || state === 'stopping' || state === 'ended') return;
    const { t, wording } = this.#printer.messages;
    if (presence === 'waiting') {
      const time = formatDuration(Date.now() - startedAt);
      this.#printer.progress(`  ${t('cli.publish.awaitsFor', { time })}`);
      return;
    }
    const isBack = presence === 'live' && this.#awayAt !== undefined;
    if (presence === this.#presence || (presence === 'live' && !isBack)) return;
    this.#presence = presence;
    const stream = wording(captureSteps.find(({ phase }) => phase === 'camera')?.detail ?? '');
    if (presence === 'live') {
      const time = formatDuration(Date.now() - (this.#awayAt ?? Date.now()));
      this.#awayAt = undefined;
      this.#printer.say(t('cli.publish.streamBack', { stream, time }));
      return;
    }
    this.#awayAt ??= Date.now();
    if (presence === 'paused') this.#printer.say(t('cli.publish.paused', { stream }));
    else this.#printer.say(t('cli.publish.slate', { stream, words: t('slate.words') }));
  }

  /** As it is judged for all who look: that it is behind, once, and that it no longer is. */
  #tellSound({ health, statistics }: BroadcastSnapshot): void {
    if (!health || !statistics) return;
    if (health.cause === 'sound') {
      if (this.#isSoundBehind) return;
      const { frames } = statistics.audio;
      this.#printer.notice(soundBehind({ frames, behindMs: health.soundBehindMs }));
      this.#printer.say(`  ${this.#printer.messages.t('cli.publish.soundLate')}`);
      this.#isSoundBehind = true;
    } else if (this.#isSoundBehind && (health.soundBehindMs ?? 0) < soundLateMs) {
      this.#printer.notice(reason('sound-caught-up'));
      this.#isSoundBehind = false;
    }
  }

  #tellStatistics(snapshot: BroadcastSnapshot): void {
    const { statistics } = snapshot;
    const destinations = destinationsOf(snapshot);
    const recordings = recordingsOf(snapshot).map(({ path, state, bytes, durationMs, space }) => ({
      ...{ path, state, bytes, durationMs, space },
    }));
    const replay = replayOf(snapshot);
    if (!statistics || statistics.video.frames === 0) return;
    if (Date.now() - this.#lastStatisticsAt < statisticsEveryMs) return;
    this.#lastStatisticsAt = Date.now();
    this.#printer.stats({
      ...statistics,
      ...(snapshot.onAirMs !== undefined && { onAirMs: snapshot.onAirMs }),
      ...(snapshot.program && { program: snapshot.program }),
      ...(snapshot.videoBitrate && { videoBitrate: snapshot.videoBitrate }),
      destinations: destinations.map((d) => ({
        ...{ id: d.id, state: d.state, bytesSent: d.bytesSent, framesSent: d.framesSent },
        ...{ framesDropped: d.framesDropped, droppedBy: d.droppedBy },
        ...{ framesMissed: d.framesMissed ?? 0, framesBefore: d.framesBefore ?? 0 },
        ...{ framesLost: d.framesLost, reconnects: d.reconnects, rttMs: d.rttMs },
        ...{ queuedMs: d.queuedMs, queuedBytes: d.queuedBytes, liveSince: d.liveSince },
        ...{ bitrate: d.bitrate, fps: d.fps, waiting: d.waiting, silentMs: d.silentMs },
      })),
      ...(recordings[0] && { recording: recordings[0] }),
      ...(recordings.length > 1 && { recordings }),
      ...(replay && { replay: { heldMs: replay.heldMs, heldBytes: replay.heldBytes } }),
    });
    if ((statistics.behindMs ?? 0) >= lateMs && this.#isNew('late')) {
      this.#printer.say(`  ${this.#printer.messages.t('cli.publish.late')}`);
    }
    const progress = this.#progress(snapshot, destinations);
    if (progress !== undefined) this.#printer.progress(`  ${progress}`, this.#costs(snapshot));
  }

  /** Whether the machine keeps up, and what it costs. */
  #costs({ statistics, program }: BroadcastSnapshot): string[] {
    const { t, number } = this.#printer.messages;
    const speed = statistics?.encoderSpeed;
    const hundredths = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
    return [
      ...(speed === undefined
        ? []
        : [t('cli.publish.encoderSpeed', { speed: number(speed, hundredths) })]),
      ...(program
        ? [t('cli.publish.cpu', { percent: number(Math.round(program.cpu * 100)) })]
        : []),
    ];
  }

  /** Before it is live the checklist tells how it goes, and figures would only stand between its lines. */
  #progress(
    { state, statistics, onAirMs = 0, outputs }: BroadcastSnapshot,
    destinations: readonly DestinationStatus[],
  ): string | undefined {
    const isRecorded = state === 'recording';
    if (!statistics || (state !== 'live' && state !== 'reconnecting' && !isRecorded))
      return undefined;
    const { t, number } = this.#printer.messages;
    const [recording] = recordingsOf({ outputs });
    const time = formatDuration(isRecorded ? (recording?.durationMs ?? 0) : onAirMs);
    if (state === 'reconnecting') {
      const lost = destinations.find((d) => d.waiting) ?? destinations.find((d) => d.lostAt);
      if (!lost) return undefined;
      const { waiting } = lost;
      const name = this.#nameOf(lost);
      const attempt = waiting?.attempt ?? this.#stories.get(lost.id)?.attempt ?? 1;
      if (!waiting) return `${time}  ${t('cli.publish.trying', { name, attempt })}`;
      const seconds = number(Math.max(0, Math.round((waiting.until - Date.now()) / 1000)));
      return `${time}  ${t('cli.publish.nextTry', { name, attempt, seconds })}`;
    }
    // What really leaves: what is encoded may have nowhere to go. Nothing is told of less than a second.
    const { bitrate, fps: leaving } = isRecorded
      ? { bitrate: statistics.bitrate, fps: statistics.video.fps }
      : leavingRates({ outputs: [...destinations] });
    const isSilent = destinations.some(({ silentMs }) => silentMs !== undefined);
    if ((bitrate === undefined || leaving === undefined) && !isSilent) return undefined;
    const kilobits = bitrate === undefined ? '–' : number(Math.round(bitrate / 1000));
    // What one that is away or dead misses is no sign of how the others do; the end tells of it.
    const dropped = destinations
      .filter(({ state: each }) => each === 'live')
      .reduce((sum, d) => sum + d.framesDropped, statistics.video.droppedFrames);
    const tenths = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
    const fps = leaving === undefined ? '–' : number(leaving, tenths);
    const key = destinations.length > 1 ? 'cli.publish.progressInAll' : 'cli.publish.progress';
    return t(key, { time, kilobits, fps, dropped });
  }

  #nameOf({ name }: Pick<DestinationStatus, 'name'>): string {
    return saidName(name, this.#printer.messages);
  }

  #isNew(what: string): boolean {
    if (this.#told.has(what)) return false;
    this.#told.add(what);
    return true;
  }
}

/** Of several, Ctrl+C would end those that are well, too. */
const triesAgain =
  (count: number): Remedy =>
  ({ t }) =>
    t(count > 1 ? 'cli.publish.triesOneAgain' : 'cli.publish.triesAgain');

/** What happens now to one that is lost, where it is known by then. */
const remedyOf = ({ event }: BroadcastEvent, count: number): Remedy | undefined =>
  event === 'destination-lost' || event === 'destination-postponed' ? triesAgain(count) : undefined;
