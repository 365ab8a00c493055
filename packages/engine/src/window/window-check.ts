import {
  appError,
  type BroadcastSnapshot,
  type CheckInput,
  type CheckSnapshot,
} from '@tallylight/contract';
import { DestinationCheck } from '../check/destination-check.js';
import type { Logger } from '../logger.js';
import type { DestinationTarget } from '../outputs/rtmp/destination-aim.js';
import { readTypedDestination } from '../typed-destination.js';
import { latest } from './latest.js';

export interface WindowCheckOptions {
  readonly logger: Logger;
  readonly snapshot: () => BroadcastSnapshot;
  readonly openTarget: (id: string) => Promise<DestinationTarget>;
}

/** Checks destinations for windows, each by one check at a time. */
export class WindowCheck {
  readonly #o: WindowCheckOptions;
  readonly #running = new Set<string>();

  constructor(options: WindowCheckOptions) {
    this.#o = options;
  }

  /**
   * Ends with the check, and ends it where whoever watches no longer does, or `signal` is aborted.
   *
   * @throws AppError `CHECK_ON_AIR`, `CHECK_RUNNING`, or why it cannot be told where the destination is.
   */
  async watch(
    input: CheckInput,
    signal: AbortSignal,
  ): Promise<AsyncGenerator<CheckSnapshot, void, undefined>> {
    const { logger, snapshot } = this.#o;
    const target = await this.#target(input);
    const { id, name } = target;
    const onAir = snapshot().outputs.find((output) => output.id === id);
    const isOn = onAir && onAir.state !== 'failed' && onAir.state !== 'stopped';
    if (isOn && isRunning(snapshot())) throw appError('CHECK_ON_AIR', { destination: name });
    const place = `${target.address.tcUrl}\n${target.streamKey}`;
    if (this.#running.has(place)) throw appError('CHECK_RUNNING', { destination: name });
    this.#running.add(place);
    const check = new DestinationCheck({ target, publish: input.publish, logger });
    return this.#during(check, place, signal);
  }

  async *#during(
    check: DestinationCheck,
    place: string,
    signal: AbortSignal,
  ): AsyncGenerator<CheckSnapshot, void, undefined> {
    const over = new AbortController();
    const either = AbortSignal.any([signal, over.signal]);
    const done = new AbortController();
    const running = check.run(either).finally(() => done.abort());
    try {
      yield* latest(
        () => check.snapshot,
        (listener) => check.onChange(listener),
        AbortSignal.any([either, done.signal]),
      );
    } finally {
      over.abort();
      this.#running.delete(place);
      await running;
    }
  }

  /** What is typed goes before what is saved. */
  async #target({ id, typed }: CheckInput): Promise<DestinationTarget> {
    const saved = id === undefined ? undefined : await this.#o.openTarget(id);
    if (typed === undefined) {
      if (!saved) throw appError('PROFILE_NOT_FOUND', { profile: '' });
      return saved;
    }
    const { address, streamKey, credentials } = readTypedDestination(typed);
    const login = typed.user
      ? { user: typed.user, password: typed.password ?? saved?.address.credentials?.password ?? '' }
      : (credentials ?? saved?.address.credentials);
    const service = typed.service ?? saved?.service;
    return {
      id: saved?.id ?? '',
      name: saved?.name ?? address.host,
      address: { ...address, ...(login && { credentials: login }) },
      streamKey: streamKey ?? saved?.streamKey ?? '',
      ...(service !== undefined && { service }),
    };
  }
}

const isRunning = ({ state }: BroadcastSnapshot): boolean => state !== 'idle' && state !== 'ended';
