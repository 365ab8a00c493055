import type { EncodedPacket } from 'node-rtmp-client';

const toMs = (microseconds: number): number => Math.round(microseconds / 1000);

/**
 * Moves a source's time so that the first frame it is given is at zero, and rounds it to the whole milliseconds of RTMP and FLV.
 * All tracks move by the same amount, so that picture and sound stay together.
 *
 * Within a track decode times rise strictly: where rounding or the source repeats one, the packet is moved by as little
 * as it takes, and the next one is back in its place. Players reject or stumble over repeated times.
 */
export class Rebaser {
  #base: number | undefined;
  readonly #last = { video: -1, audio: -1 };

  rebase(frame: EncodedPacket): EncodedPacket {
    this.#base ??= frame.dts;
    const dts = Math.max(toMs(frame.dts - this.#base), this.#last[frame.track] + 1);
    const pts = Math.max(toMs(frame.pts - this.#base), dts);
    this.#last[frame.track] = dts;
    return { ...frame, dts: dts * 1000, pts: pts * 1000 };
  }
}
