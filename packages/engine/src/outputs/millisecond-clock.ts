import { ContinuousTimeline, type MediaPacket } from 'node-rtmp-client';

/** Presentation times that are remembered of a track: twice what a codec may put into another order. */
const remembered = 32;

const toMs = (microseconds: number): number => Math.round(microseconds / 1000);

/**
 * Puts packets on the clock of RTMP and FLV: whole milliseconds, zero at the first frame it is given. All tracks move by
 * the same amount, so that picture and sound stay together, also where the source's clock is set forward or back
 * ({@link ContinuousTimeline}).
 *
 * Within a track decode times rise strictly: where rounding or the source repeats one, the packet is moved by as little
 * as it takes, and the next one is back in its place. Players reject or stumble over repeated times. Presentation times
 * stay, also before the decode time: FLV's composition time has a sign. Only where two pictures of a track would be shown
 * at the same time is the later one moved as well.
 */
export class MillisecondClock {
  readonly #timeline = new ContinuousTimeline();
  readonly #now: () => number;
  #base: number | undefined;
  /** Milliseconds of the newest frame of each track. */
  readonly #last = new Map<string, number>();
  /** When the newest frames of each track are shown, in milliseconds. */
  readonly #shown = new Map<string, number[]>();

  /** @param now milliseconds of a clock that only goes forward, by which packets arrive. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** The packet at its whole millisecond, still in microseconds. */
  round<Packet extends MediaPacket>(packet: Packet): Packet {
    if (packet.type === 'config') return this.#roundConfig(packet);
    const track = `${packet.track} ${packet.trackId ?? 0}`;
    const shift = this.#timeline.shiftOf(track, packet.dts, this.#now() * 1000);
    this.#base ??= packet.dts + shift;
    const base = this.#base - shift;
    const dts = Math.max(toMs(packet.dts - base), (this.#last.get(track) ?? -1) + 1);
    const shown = toMs(packet.pts - base);
    const pts = this.#freeTime(track, packet.pts < packet.dts ? shown : Math.max(shown, dts));
    this.#last.set(track, dts);
    return { ...packet, dts: dts * 1000, pts: pts * 1000 };
  }

  /** The first millisecond from `wanted` on at which no other frame of the track is shown. */
  #freeTime(track: string, wanted: number): number {
    const taken = this.#shown.get(track) ?? [];
    let time = wanted;
    while (taken.includes(time)) time += 1;
    taken.push(time);
    if (taken.length > remembered) taken.shift();
    this.#shown.set(track, taken);
    return time;
  }

  /** A configuration has the time of the frame after it, and does not move it. */
  #roundConfig<Packet extends MediaPacket>(config: Packet): Packet {
    const base = this.#base;
    const at =
      base === undefined ? 0 : Math.max(0, toMs(this.#timeline.place(config.dts) - base)) * 1000;
    return { ...config, dts: at, pts: at };
  }
}
