import { describe, expect, it } from 'vitest';
import { audioFrame, videoFrame } from '../test/support/packets.js';
import { MediaRateMeter } from './media-rate-meter.js';

/** A stream of 30 frames of 1000 bytes a second, and how it goes by. */
class Line {
  now = 5_000;
  media = 0;
  /** Media time that has come to be sent. */
  #due = 0;
  readonly meter = new MediaRateMeter(() => this.now);
  /** The highest that was told, looked at every 50 ms. */
  highest = { fps: 0, bitrate: 0 };

  /** Lets frames go by at `speed` times their pace for `ms`. */
  run(ms: number, speed = 1): this {
    for (let at = 0; at < ms; at += 50) {
      this.now += 50;
      this.#due += 50 * speed;
      while (this.media <= this.#due) this.#send();
      this.#look();
    }
    return this;
  }

  stall(ms: number): this {
    for (let at = 0; at < ms; at += 50) {
      this.now += 50;
      this.#look();
    }
    return this;
  }

  /** What piled up goes by at once. */
  burst(ms: number): this {
    this.#due += ms;
    while (this.media <= this.#due) this.#send();
    this.#look();
    return this;
  }

  get shown() {
    const rates = this.meter.rates;
    return (
      rates && { fps: Math.round(rates.fps * 10) / 10, kbits: Math.round(rates.bitrate / 1e3) }
    );
  }

  #send(): void {
    this.meter.add(videoFrame(this.media, false, 1_000));
    this.media += 1000 / 30;
  }

  #look(): void {
    const { fps = 0, bitrate = 0 } = this.meter.rates ?? {};
    this.highest = {
      fps: Math.max(this.highest.fps, fps),
      bitrate: Math.max(this.highest.bitrate, bitrate),
    };
  }
}

describe('the rates of what goes by', () => {
  it('are those of the last two seconds', () => {
    const line = new Line().run(5_000);
    expect((line.shown?.fps ?? 0) / 30).toBeCloseTo(1, 1);
    expect((line.shown?.kbits ?? 0) / 240).toBeCloseTo(1, 1);
  });

  it('are not told before a whole second was measured', () => {
    const line = new Line();
    expect(line.shown).toBeUndefined();
    // What had piled up while it connected goes first.
    line.burst(3_000).run(900);
    expect(line.shown).toBeUndefined();
    line.run(200);
    expect((line.shown?.fps ?? 0) / 30).toBeCloseTo(1, 1);
    expect(line.highest.fps).toBeLessThan(30.5);
    expect(line.highest.bitrate).toBeLessThan(250_000);
  });

  it('are never more than those of the stream, whatever goes by at once', () => {
    const line = new Line().run(4_000);
    for (const ms of [500, 1_000, 1_900, 6_000]) {
      line.stall(ms).burst(ms).run(3_000);
      expect((line.shown?.fps ?? 0) / 30).toBeCloseTo(1, 1);
    }
    line.stall(1_000).run(1_000, 2).run(3_000);
    expect(line.highest.fps).toBeLessThan(30.5);
    expect(line.highest.bitrate).toBeLessThan(250_000);
  });

  it('are nothing where nothing goes by', () => {
    expect(new Line().run(5_000).stall(2_100).shown).toEqual({ fps: 0, kbits: 0 });
    expect(new Line().run(5_000).stall(1_000).shown?.fps).toBeLessThan(17);
  });

  it('are what goes by where that is slower than its times say', () => {
    expect(new Line().run(6_000, 0.5).shown?.fps).toBeCloseTo(15, 0);
  });

  it('begin anew with another connection', () => {
    const line = new Line().run(5_000);
    line.meter.reset();
    expect(line.stall(3_000).run(500).shown).toBeUndefined();
    expect((line.run(700).shown?.fps ?? 0) / 30).toBeCloseTo(1, 1);
  });

  it('count sound as bits, not as frames', () => {
    let now = 0;
    const meter = new MediaRateMeter(() => now);
    for (; now <= 3_000; now += 20) meter.add(audioFrame(now, 250));
    expect(meter.rates?.fps).toBe(0);
    expect((meter.rates?.bitrate ?? 0) / 100_000).toBeCloseTo(1, 1);
  });
});
