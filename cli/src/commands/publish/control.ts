import { appError, destinationsOf, reason } from '@tallylight/contract';
import { secretsOf, toErrorInfo, type DestinationTarget, type Engine } from '@tallylight/engine';
import type { CliDependencies } from '../../cli-dependencies.js';
import { resolveDestinations, warningsOf } from '../../destinations.js';
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
    }
  }

  async #add(wanted: { to: string[]; profile?: string[] }): Promise<void> {
    const { engine, deps, printer } = this.#o;
    const found = await resolveDestinations(wanted, deps.environment, (name) =>
      engine.openTarget(name),
    );
    for (const target of found) {
      for (const secret of secretsOf(target)) printer.addSecret(secret);
      refuseTwice([...this.#destinations, target]);
      for (const warning of warningsOf(target)) printer.warn(warning);
      this.#added += 1;
      const id = `${this.#added}`;
      const isShared = this.#destinations.some(({ name }) => name === target.name);
      const named = { ...target, id, name: isShared ? `#${id} ${target.name}` : target.name };
      this.#broadcast.add(await engine.openOutput({ type: 'rtmp', target: named }));
      this.#destinations = [...this.#destinations, named];
    }
  }

  async #remove(id: string): Promise<void> {
    const isLast = this.#destinations.every((each) => each.id === id);
    if (isLast) throw appError('INVALID_OPTION', { reason: reason('last-destination') });
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
