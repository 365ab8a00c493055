import {
  appError,
  destinationsOf,
  reason,
  recordingsOf,
  replayOf,
  type StreamSettings,
} from '@tallylight/contract';
import {
  secretsOf,
  toErrorInfo,
  whyNoNewFile,
  type DestinationTarget,
  type Engine,
  type LossHandling,
  type RecordingSplit,
} from '@tallylight/engine';
import type { CliDependencies } from '../../cli-dependencies.js';
import { resolveDestinations, warningsOf } from '../../destinations.js';
import { assertFileName } from '../../file-name.js';
import type { Printer } from '../../printer.js';
import { longestControlLine, parseControlLine, type ControlCommand } from './control-line.js';
import { refuseTwice } from './refuse-twice.js';

type Broadcast = Awaited<ReturnType<Engine['startBroadcast']>>;

export interface ControlOptions {
  readonly engine: Engine;
  readonly deps: Pick<CliDependencies, 'environment' | 'stdin'>;
  readonly printer: Printer;
  /** Those that it begins with. */
  readonly destinations: readonly DestinationTarget[];
  /** What is encoded; absent where it is sent as it is. */
  readonly settings?: StreamSettings | undefined;
  /** How those bear a loss that are added. */
  readonly loss?: LossHandling | undefined;
  /** Of recordings that are begun. */
  readonly split?: RecordingSplit | undefined;
}

/**
 * Lines on stdin that change a running broadcast, one after the other. A wrong one is told and changes nothing, and the end
 * of stdin changes nothing either.
 */
export class Control {
  readonly #o: ControlOptions;
  readonly #broadcast: Broadcast;
  #destinations: readonly DestinationTarget[];
  #added: number;
  #text = '';
  /** Of a line that is too long, the rest is passed over. */
  #skips = false;
  #done: Promise<void> = Promise.resolve();
  #isClosed = false;

  /** From here on stdin is read. */
  constructor(broadcast: Broadcast, options: ControlOptions) {
    this.#o = options;
    this.#broadcast = broadcast;
    this.#destinations = options.destinations;
    this.#added = options.destinations.length;
    const { stdin } = options.deps;
    stdin.setEncoding('utf8');
    stdin.on('data', this.#onData);
    // A terminal that is gone is the end of it.
    stdin.on('error', this.#onError);
  }

  /** No more is read, done or told: the summary is the last word. */
  close(): void {
    const { stdin } = this.#o.deps;
    this.#isClosed = true;
    stdin.off('data', this.#onData);
    stdin.destroy();
  }

  readonly #onError = (): void => undefined;

  readonly #onData = (data: string | Buffer): void => {
    const [first = '', ...lines] = String(data).split('\n');
    this.#take(first);
    for (const line of lines) {
      this.#end();
      this.#take(line);
    }
  };

  #take(text: string): void {
    if (this.#skips) return;
    this.#text += text;
    if (this.#text.length <= longestControlLine) return;
    this.#skips = true;
    this.#text = '';
    this.#tell(appError('INVALID_OPTION', { reason: reason('not-a-control-line') }));
  }

  #end(): void {
    const line = this.#text.trim();
    this.#text = '';
    if (this.#skips || line === '') {
      this.#skips = false;
      return;
    }
    this.#done = this.#done
      .then(() => (this.#isClosed ? undefined : this.#run(parseControlLine(line))))
      .catch((error: unknown) => this.#tell(error));
  }

  async #run(command: ControlCommand): Promise<void> {
    switch (command.type) {
      case 'add':
        await this.#add(
          'to' in command ? { to: [command.to] } : { to: [], profile: [command.profile] },
        );
        return;
      case 'retry':
        this.#broadcast.retry(this.#find(command.name));
        return;
      case 'bitrate':
        await this.#broadcast.setVideoBitrate(command.videoBitrate);
        return;
      case 'remove':
        await this.#remove(this.#find(command.name));
        return;
      case 'record':
        await this.#record(command.path);
        return;
      case 'save-replay':
        await this.#saveReplay(command.path);
        return;
      case 'stop-recording':
      case 'pause-recording':
      case 'resume-recording':
        await this.#lead(command.type);
    }
  }

  async #record(path: string): Promise<void> {
    await refuseOldFile(path);
    const { engine, split } = this.#o;
    this.#broadcast.add(
      await engine.openOutput({ type: 'recording', path, ...(split && { split }) }),
    );
  }

  async #lead(what: 'stop-recording' | 'pause-recording' | 'resume-recording'): Promise<void> {
    const running = this.#recordings();
    if (running.length === 0)
      throw appError('INVALID_OPTION', { reason: reason('nothing-recorded') });
    if (what === 'stop-recording' && this.#destinations.length === 0) {
      throw appError('INVALID_OPTION', { reason: reason('last-output') });
    }
    for (const { id } of running) {
      if (what === 'stop-recording') await this.#broadcast.finish(id);
      else if (what === 'pause-recording') this.#broadcast.output(id).pause?.();
      else this.#broadcast.output(id).resume?.();
    }
  }

  /** It is written while the broadcast goes on, and so do the lines behind it. */
  async #saveReplay(path: string): Promise<void> {
    const replay = replayOf(this.#broadcast.snapshot);
    if (!replay) throw appError('INVALID_OPTION', { reason: reason('no-replay') });
    await refuseOldFile(path);
    const { printer } = this.#o;
    const saving = this.#broadcast.output(replay.id).save?.(path);
    saving?.then(
      (saved) => {
        if (this.#isClosed) return;
        printer.replay(saved);
        const seconds = printer.messages.number(saved.durationMs / 1000, {
          maximumFractionDigits: 1,
        });
        printer.say(printer.messages.t('cli.publish.replaySaved', { path, seconds }));
      },
      (error: unknown) => this.#tell(error),
    );
  }

  #recordings() {
    return recordingsOf(this.#broadcast.snapshot).filter(
      ({ state }) => state !== 'failed' && state !== 'stopped',
    );
  }

  async #add(wanted: { to: string[]; profile?: string[] }): Promise<void> {
    const { engine, deps, printer, loss } = this.#o;
    const found = await resolveDestinations(wanted, deps.environment, (name) =>
      engine.openTarget(name),
    );
    for (const target of found) {
      for (const secret of secretsOf(target)) printer.addSecret(secret);
      refuseTwice([...this.#destinations, target]);
      for (const warning of warningsOf(target, this.#o.settings)) printer.warn(warning);
      this.#added += 1;
      const id = `${this.#added}`;
      const isShared = this.#destinations.some(({ name }) => name === target.name);
      const named = { ...target, id, name: isShared ? `#${id} ${target.name}` : target.name };
      this.#broadcast.add(await engine.openOutput({ type: 'rtmp', target: named }, loss));
      this.#destinations = [...this.#destinations, named];
    }
  }

  async #remove(id: string): Promise<void> {
    const isLast = this.#destinations.every((each) => each.id === id);
    if (isLast && this.#recordings().length === 0)
      throw appError('INVALID_OPTION', { reason: reason('last-destination') });
    this.#destinations = this.#destinations.filter((each) => each.id !== id);
    // Its figures stay in the summary.
    await this.#broadcast.finish(id);
  }

  #find(wanted: string): string {
    const there = destinationsOf(this.#broadcast.snapshot).filter(({ id }) =>
      this.#destinations.some((each) => each.id === id),
    );
    const found =
      there.find(({ name }) => name === wanted) ?? there.find(({ id }) => id === wanted);
    if (found) return found.id;
    throw appError('INVALID_OPTION', { reason: reason('no-such-destination') });
  }

  #tell(error: unknown): void {
    if (this.#isClosed) return;
    const { printer } = this.#o;
    const remedy = printer.messages.t('cli.publish.controlRemedy');
    printer.error(toErrorInfo(error), { remedy });
  }
}

/** @throws AppError `INVALID_OPTION`. */
async function refuseOldFile(file: string): Promise<void> {
  assertFileName('"path"', file, 'not-a-recording');
  const why = await whyNoNewFile(file);
  if (why === undefined) return;
  throw appError('INVALID_OPTION', { reason: reason('file-not-written', { file, why }) });
}
