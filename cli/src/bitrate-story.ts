import {
  destinationsOf,
  reason,
  type BroadcastSnapshot,
  type PictureBitrate,
  type Reason,
} from '@tallylight/contract';
import type { CliMessages } from '@tallylight/messages/cli';
import { saidName } from './destination-name.js';

/** Tells that the picture is encoded with less because of the network, once, and once that it no longer is. */
export class BitrateStory {
  #isLowered = false;
  readonly #overruled = new Set<string>();

  follow(snapshot: BroadcastSnapshot, messages: CliMessages): Reason[] {
    const { videoBitrate, state } = snapshot;
    if (!videoBitrate || state !== 'live') return [];
    const names = (ids: readonly string[]): string[] =>
      destinationsOf(snapshot)
        .filter(({ id }) => ids.includes(id))
        .map(({ name }) => saidName(name, messages));
    return [
      ...this.#lowered(videoBitrate, names(videoBitrate.loweredFor)),
      ...this.#dropped(videoBitrate, names),
    ];
  }

  #lowered({ asked, limit, loweredFor }: PictureBitrate, names: readonly string[]): Reason[] {
    const kilobits = { asked: Math.round(asked / 1000), limit: Math.round(limit / 1000) };
    if (loweredFor.length > 0 && asked < limit) {
      if (this.#isLowered) return [];
      this.#isLowered = true;
      return [reason('bitrate-lowered', { names: names.join(', '), ...kilobits })];
    }
    if (!this.#isLowered || asked < limit) return [];
    this.#isLowered = false;
    return [reason('bitrate-whole', { limit: kilobits.limit })];
  }

  #dropped({ overruled }: PictureBitrate, names: (ids: readonly string[]) => string[]): Reason[] {
    const fresh = overruled.filter((id) => !this.#overruled.has(id));
    for (const id of fresh) this.#overruled.add(id);
    return fresh.length === 0
      ? []
      : [reason('bitrate-overruled', { names: names(fresh).join(', ') })];
  }
}
