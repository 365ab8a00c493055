import { reason, type Wording } from '@tallylight/contract';
import type { EncodedPacket } from 'node-rtmp-client';
import type { MediaSource } from '../media-source.js';
import { sourceEmpty } from '../opened-source.js';
import { Pace } from '../pace.js';
import { besideSilence, silenceLike } from '../silence.js';
import type { Slate } from './slate.js';

/** A slate and silence, as time goes by, without end. */
export class SlateSource implements MediaSource {
  readonly name: Wording = reason('slate');
  readonly hasAudio: boolean;
  readonly capturesLive = true;
  readonly status = { droppedFrames: 0 };
  readonly #slate: Promise<Slate | undefined>;

  /** @param slate may still be made; `undefined` where there is none. */
  constructor(slate: Promise<Slate | undefined>, hasAudio: boolean) {
    this.#slate = slate;
    this.hasAudio = hasAudio;
  }

  /** @throws AppError `SOURCE_EMPTY` where there is no slate. */
  async *packets(signal: AbortSignal): AsyncGenerator<EncodedPacket, void, undefined> {
    const slate = await this.#slate;
    if (!slate) throw sourceEmpty(this);
    const silence = silenceLike(slate.sound);
    const pictures = repeat(slate, signal);
    yield* silence ? besideSilence(pictures, silence) : pictures;
  }
}

async function* repeat(
  { config, group, fps }: Slate,
  signal: AbortSignal,
): AsyncGenerator<EncodedPacket, void, undefined> {
  const pace = new Pace();
  yield { ...config, pts: 0, dts: 0 };
  // From the number of the frame, so that no rounding adds up.
  for (let number = 0; ; number += 1) {
    const frame = group[number % group.length];
    const at = Math.round((number * 1_000_000) / fps);
    await pace.wait(at, signal);
    if (!frame || signal.aborted) return;
    yield { ...frame, pts: at, dts: at };
  }
}
