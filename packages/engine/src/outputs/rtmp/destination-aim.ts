import type { RtmpAddress } from 'node-rtmp-client';
import { within } from 'node-rtmp-client/async';
import type { Logger } from '../../logger.js';
import type { DestinationContext } from './destination-errors.js';
import { secretsOf, shownPlace, withoutKeys, type StreamPlace } from './stream-place.js';

/** Where to publish, with the key. */
export interface DestinationTarget {
  readonly id: string;
  readonly name: string;
  readonly address: RtmpAddress;
  /** Empty where the server needs none. */
  readonly streamKey: string;
  /** How else the URL that both come from can be read; tried in this order where the server refuses what is before. */
  readonly otherwise?: readonly StreamPlace[];
  /** Where to watch, for the built-in server. */
  readonly watchUrl?: string;
  /** What the profile was made from. */
  readonly service?: string;
}

export interface DestinationAimOptions {
  readonly target: DestinationTarget;
  /** Where it is now; absent where that cannot have changed. */
  readonly renewTarget?: (() => Promise<DestinationTarget>) | undefined;
  readonly logger: Logger;
}

/** How long looking up where it is may take, in milliseconds; the system may ask a person for a password. */
const renewDeadlineMs = 10_000;

/** Where a destination publishes to, which of the readings of its URL that is, and what may be told of it. */
export class DestinationAim {
  readonly #o: DestinationAimOptions;
  #target: DestinationTarget;
  #renewed: DestinationTarget | undefined;
  #places: readonly StreamPlace[];
  #context: DestinationContext;
  /** Looks up where it is now, which counts from {@link moveToRenewed} on. Never fails. */
  readonly renew: (() => Promise<void>) | undefined;

  constructor(options: DestinationAimOptions) {
    const { target, renewTarget } = options;
    this.#o = options;
    this.#target = target;
    this.#places = placesOf(target);
    this.#context = this.#contextOf(target);
    this.renew = renewTarget && (() => this.#renew(renewTarget));
  }

  get target(): DestinationTarget {
    return this.#target;
  }

  /** The readings that are left to be tried, in their order. */
  get places(): readonly StreamPlace[] {
    return this.#places;
  }

  get context(): DestinationContext {
    return this.#context;
  }

  moveToRenewed(): void {
    const target = this.#renewed;
    if (!target) return;
    this.#renewed = undefined;
    this.#target = target;
    this.#places = placesOf(target);
    this.#context = this.#contextOf(target);
  }

  /** Of the usual readings of its URL, the one that is tried, or that the server has taken. */
  notePlace(place: StreamPlace, isTaken: boolean): void {
    if (isTaken) this.#places = [place];
    const otherwise = this.#places.filter((each) => each !== place);
    this.#context = { ...this.#context, ...shownPlace({ ...place, otherwise }) };
  }

  async #renew(renewTarget: () => Promise<DestinationTarget>): Promise<void> {
    try {
      const renewed = await within(renewTarget(), renewDeadlineMs);
      if (renewed !== 'late') this.#renewed = renewed;
    } catch (error) {
      // It may be gone by now; where it was is known.
      this.#o.logger.warn({ err: error, destination: this.#target.name }, 'tried where it was');
    }
  }

  #contextOf(target: DestinationTarget): DestinationContext {
    const { logger } = this.#o;
    for (const secret of secretsOf(target)) logger.addSecret(secret);
    return {
      ...shownPlace(target),
      redact: logger.redact,
      hideKey: (app) => withoutKeys(app, target),
    };
  }
}

const placesOf = (target: DestinationTarget): readonly StreamPlace[] => [
  target,
  ...(target.otherwise ?? []),
];
