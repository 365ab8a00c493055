import {
  appError,
  destinationsOf,
  reason,
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
import { formatBytes } from '@tallylight/messages';
import type { CliDependencies } from '../../cli-dependencies.js';
import { resolveDestinations, warningsOf } from '../../destinations.js';
import { assertFileName } from '../../file-name.js';
import { formatDuration } from '../../format-duration.js';
import type { Printer } from '../../printer.js';
import {
  lineTooLong,
  longestControlLine,
  parseControlCommand,
  readControlLine,
  type ControlCommand,
  type ControlId,
  type RecordingCommand,
} from './control-line.js';
import { ControlLines } from './control-lines.js';
import { chooseRecording, noSuchDestination, runningRecordings } from './control-targets.js';
import { refuseAgain } from './refuse-twice.js';
import { isControlType } from '../control-commands.js';

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
  /** @throws AppError where one is what is sent on; absent where that cannot be. */
  readonly refuseCircle?: ((destinations: readonly DestinationTarget[]) => void) | undefined;
  /** Of recordings that are begun. */
  readonly split?: RecordingSplit | undefined;
  /** Is told the id of a destination before it is tried again. */
  readonly onRetry: (id: string) => void;
}

/** What a line asked for, and what whoever wrote it calls it. */
interface Asked {
  readonly id?: ControlId;
  readonly command?: string;
}

/** What came of it: for programs, and for people. */
interface Answer {
  readonly fields?: object;
  readonly text: string;
}

/**
 * Lines on stdin that change a running broadcast, one after the other. Each is answered once it is done; a wrong one is told
 * and changes nothing, and the end of stdin changes nothing either.
 */
export class Control {
  readonly #o: ControlOptions;
  readonly #broadcast: Broadcast;
  readonly #lines: ControlLines;
  #destinations: readonly DestinationTarget[];
  #added: number;
  #done: Promise<void> = Promise.resolve();
  #isClosed = false;

  /** From here on stdin is read. */
  constructor(broadcast: Broadcast, options: ControlOptions) {
    this.#o = options;
    this.#broadcast = broadcast;
    this.#destinations = options.destinations;
    this.#added = options.destinations.length;
    this.#lines = new ControlLines({
      stdin: options.deps.stdin,
      longest: longestControlLine,
      onLine: (line) => this.#take(line),
      onTooLong: () => this.#tell(lineTooLong(), {}),
    });
  }

  /** No more is read, done or told: the summary is the last word. */
  close(): void {
    this.#isClosed = true;
    this.#lines.close();
  }

  #take(line: string): void {
    this.#done = this.#done.then(() => (this.#isClosed ? undefined : this.#obey(line)));
  }

  async #obey(line: string): Promise<void> {
    let asked: Asked = {};
    try {
      const request = readControlLine(line);
      const { id } = request;
      asked = {
        ...(id !== undefined && { id }),
        ...(isControlType(request.type) && { command: request.type }),
      };
      const command = parseControlCommand(request);
      if (command.type === 'save-replay') await this.#saveReplay(command.path, asked);
      else this.#answer(await this.#run(command), asked);
    } catch (error) {
      this.#tell(error, asked);
    }
  }

  #run(command: Exclude<ControlCommand, { readonly type: 'save-replay' }>): Promise<Answer> {
    switch (command.type) {
      case 'add':
        return this.#add(
          'to' in command ? { to: [command.to] } : { to: [], profile: [command.profile] },
        );
      case 'retry':
        return Promise.resolve(this.#retry(command.name));
      case 'bitrate':
        return this.#setBitrate(command.videoBitrate);
      case 'remove':
        return this.#remove(command.name);
      case 'record':
        return this.#record(command.path);
      case 'stop-recording':
      case 'pause-recording':
      case 'resume-recording':
        return this.#lead(command.type, command.name);
    }
  }

  async #setBitrate(bitrate: number): Promise<Answer> {
    await this.#broadcast.setVideoBitrate(bitrate);
    const { t, number } = this.#messages;
    return {
      fields: { videoBitrate: bitrate },
      text: t('cli.control.bitrate', { kilobits: number(bitrate / 1000) }),
    };
  }

  async #record(path: string): Promise<Answer> {
    await refuseOldFile(path);
    const { engine, split } = this.#o;
    const output = await engine.openOutput({ type: 'recording', path, ...(split && { split }) });
    this.#broadcast.add(output);
    const { id, status } = output;
    return {
      fields: { recording: { id, name: status.name, path } },
      text: this.#messages.t('cli.control.record', { path }),
    };
  }

  async #lead(what: RecordingCommand, name: string | undefined): Promise<Answer> {
    const running = runningRecordings(this.#broadcast.snapshot);
    const { id } = chooseRecording(what, running, name);
    if (what === 'stop-recording' && this.#destinations.length === 0 && running.length === 1) {
      throw appError('INVALID_OPTION', { reason: reason('last-output') });
    }
    if (what === 'stop-recording') await this.#broadcast.finish(id);
    else if (what === 'pause-recording') this.#broadcast.output(id).pause?.();
    else this.#broadcast.output(id).resume?.();
    return this.#whatCameOf(id, what);
  }

  #whatCameOf(id: string, what: RecordingCommand): Answer {
    const { status } = this.#broadcast.output(id);
    if (status.type !== 'recording') throw new Error('no recording');
    const { name, path, otherPaths, bytes, durationMs = 0, lastError } = status;
    const { t } = this.#messages;
    const which = { id, name, path };
    if (what !== 'stop-recording') {
      return { fields: { recording: which }, text: t(`cli.control.${what}`, { name }) };
    }
    // Of one that could not be closed in order, its error says more.
    if (lastError) throw appError(lastError.code, lastError.data);
    const made = { ...which, ...(otherPaths && { otherPaths }), bytes, durationMs };
    const values = {
      paths: [path, ...(otherPaths ?? [])].join(', '),
      time: formatDuration(durationMs),
      size: formatBytes(bytes, this.#messages),
    };
    return {
      fields: { recording: made },
      text:
        bytes > 0 ? t('cli.control.stop-recording', values) : t('cli.control.nothingIn', { path }),
    };
  }

  /** It is written while the broadcast goes on, and so do the lines behind it. */
  async #saveReplay(path: string, asked: Asked): Promise<void> {
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
        const size = formatBytes(saved.bytes, printer.messages);
        const paths = [path, ...(saved.otherPaths ?? [])].join(', ');
        const text = printer.messages.t('cli.publish.replaySaved', { path: paths, seconds, size });
        this.#answer({ fields: { replay: saved }, text }, asked);
      },
      (error: unknown) => this.#tell(error, asked),
    );
  }

  async #add(wanted: { to: string[]; profile?: string[] }): Promise<Answer> {
    const { engine, deps, printer, loss } = this.#o;
    const [target] = await resolveDestinations(wanted, deps.environment, (name) =>
      engine.openTarget(name),
    );
    if (!target) throw new Error('nothing to add');
    for (const secret of secretsOf(target)) printer.addSecret(secret);
    refuseAgain(target, this.#destinations);
    this.#o.refuseCircle?.([target]);
    for (const warning of warningsOf(target, this.#o.settings)) printer.warn(warning);
    this.#added += 1;
    const id = `${this.#added}`;
    const isShared = this.#destinations.some(({ name }) => name === target.name);
    const name = isShared ? `#${id} ${target.name}` : target.name;
    const named = { ...target, id, name };
    this.#broadcast.add(await engine.openOutput({ type: 'rtmp', target: named }, loss));
    this.#destinations = [...this.#destinations, named];
    return {
      fields: { destination: { id, name } },
      text: this.#messages.t('cli.control.add', { name }),
    };
  }

  async #remove(wanted: string): Promise<Answer> {
    const { id, name } = this.#find('remove', wanted);
    const isLast = this.#destinations.every((each) => each.id === id);
    if (isLast && runningRecordings(this.#broadcast.snapshot).length === 0)
      throw appError('INVALID_OPTION', { reason: reason('last-destination') });
    this.#destinations = this.#destinations.filter((each) => each.id !== id);
    // Its figures stay in the summary.
    await this.#broadcast.finish(id);
    return {
      fields: { destination: { id, name } },
      text: this.#messages.t('cli.control.remove', { name }),
    };
  }

  #retry(wanted: string): Answer {
    const { id, name, state } = this.#find('retry', wanted);
    const waits = state === 'failed' || state === 'reconnecting';
    if (!waits) {
      throw appError('INVALID_OPTION', {
        reason: reason('nothing-to-retry', { destination: name }),
      });
    }
    this.#o.onRetry(id);
    this.#broadcast.retry(id);
    return {
      fields: { destination: { id, name } },
      text: this.#messages.t('cli.control.retry', { name }),
    };
  }

  #find(command: 'remove' | 'retry', wanted: string) {
    const there = destinationsOf(this.#broadcast.snapshot).filter(({ id }) =>
      this.#destinations.some((each) => each.id === id),
    );
    const found =
      there.find(({ name }) => name === wanted) ?? there.find(({ id }) => id === wanted);
    if (found) return found;
    const keys = this.#destinations.flatMap((each) => secretsOf(each));
    throw noSuchDestination(command, there, keys.includes(wanted) ? undefined : wanted);
  }

  get #messages(): Printer['messages'] {
    return this.#o.printer.messages;
  }

  #answer({ fields, text }: Answer, asked: Asked): void {
    if (!this.#isClosed) this.#o.printer.answered({ ...asked, ...fields }, text);
  }

  get #whatGoesOn(): 'recording' | 'broadcast' {
    return this.#broadcast.snapshot.state === 'recording' ? 'recording' : 'broadcast';
  }

  #tell(error: unknown, asked: Asked): void {
    if (this.#isClosed) return;
    const { printer } = this.#o;
    printer.error(toErrorInfo(error), {
      remedy: ({ t }) => t(`cli.publish.controlRemedy.${this.#whatGoesOn}`),
      ...asked,
    });
  }
}

/** @throws AppError `INVALID_OPTION`. */
async function refuseOldFile(file: string): Promise<void> {
  assertFileName('"path"', file, 'not-a-recording');
  const why = await whyNoNewFile(file);
  if (why === undefined) return;
  throw appError('INVALID_OPTION', { reason: reason('file-not-written', { file, why }) });
}
