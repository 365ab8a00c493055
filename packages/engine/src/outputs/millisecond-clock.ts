import type { EncodedPacket } from 'node-rtmp-client';

const toMs = (microseconds: number): number => Math.round(microseconds / 1000);

/**
 * Puts packets on the clock of RTMP and FLV: whole milliseconds, zero at the first frame it is given. All tracks move by
 * the same amount, so that picture and sound stay together.
 *
 * Within a track decode times rise strictly: where rounding or the source repeats one, the packet is moved by as little
 * as it takes, and the next one is back in its place. Players reject or stumble over repeated times.
 */
export class MillisecondClock {
  #base: number | undefined;
  readonly #last = { video: -1, audio: -1 };

  /** The packet at its whole millisecond, still in microseconds. */
  round(packet: EncodedPacket): EncodedPacket {
    if (packet.type === 'config') return this.#roundConfig(packet);
    this.#base ??= packet.dts;
    const dts = Math.max(toMs(packet.dts - this.#base), this.#last[packet.track] + 1);
    const pts = Math.max(toMs(packet.pts - this.#base), dts);
    this.#last[packet.track] = dts;
    return { ...packet, dts: dts * 1000, pts: pts * 1000 };
  }

  /** A configuration has the time of the frame after it, and does not move it. */
  #roundConfig(config: EncodedPacket): EncodedPacket {
    const at = Math.max(0, toMs(config.dts - (this.#base ?? config.dts))) * 1000;
    return { ...config, dts: at, pts: at };
  }
}
