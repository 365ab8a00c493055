import {
  defaultBitratePolicy,
  type BitrateAdaptation,
  type PictureBitrate,
  type StartInput,
} from '@tallylight/contract';
import type { Scenario } from './fake-engine.js';

/** What the network has room for in these scenarios, in bits per second. */
const room: Partial<Record<Scenario, number>> = { slow: 250_000, lowered: 1_100_000 };

/** The bitrate of the picture, as the fake engine's encoder has it. */
export class FakeBitrate {
  #limit = 0;
  #adaptation: BitrateAdaptation = defaultBitratePolicy;
  #canChange = false;

  begin({ source, encoding, bitrateAdaptation }: StartInput): void {
    this.#limit = encoding.videoBitrate;
    this.#adaptation = bitrateAdaptation ?? defaultBitratePolicy;
    this.#canChange =
      source.type === 'renderer'
        ? source.format === 'packets'
        : source.type === 'ffmpeg' && source.video.type === 'test';
  }

  get limit(): number {
    return this.#limit;
  }

  /** Bits per second. */
  setLimit(limit: number): void {
    this.#limit = limit;
  }

  /** @param id of the destination to which the network is slow, where it is. */
  status(id: string, scenario: Scenario): { readonly videoBitrate?: PictureBitrate } {
    if (!this.#canChange) return {};
    const limit = this.#limit;
    const asked = this.#adaptation === 'off' ? limit : Math.min(limit, room[scenario] ?? limit);
    return {
      videoBitrate: {
        ...{ asked, limit, adaptation: this.#adaptation },
        ...{ loweredFor: asked < limit ? [id] : [], overruled: [] },
      },
    };
  }
}
