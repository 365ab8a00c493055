/** Finds the peaks in sound of signed 16-bit little-endian samples that comes in pieces of any size. */
export class PeakMeter {
  #peak = 0;
  /** The low byte of a sample whose high byte has not come yet. */
  #half: number | undefined;

  push(bytes: Uint8Array): void {
    const half = this.#half;
    let at = 0;
    if (half !== undefined && bytes.length > 0) {
      this.#add(half, bytes[0] ?? 0);
      at = 1;
    }
    for (; at + 1 < bytes.length; at += 2) this.#add(bytes[at] ?? 0, bytes[at + 1] ?? 0);
    if (bytes.length > 0) this.#half = at < bytes.length ? bytes[at] : undefined;
  }

  /** The peak since the last call in dBFS, at most 0; -Infinity for silence. */
  readPeak(): number {
    const decibels = 20 * Math.log10(this.#peak / 0x8000);
    this.#peak = 0;
    return decibels;
  }

  #add(low: number, high: number): void {
    const sample = ((high << 24) >> 16) | low;
    this.#peak = Math.max(this.#peak, Math.abs(sample));
  }
}
