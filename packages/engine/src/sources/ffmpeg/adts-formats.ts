import { buildAudioSpecificConfig } from 'node-rtmp-client';
import { Notifier } from 'node-rtmp-client/async';

const headerLength = 7;

/**
 * Reads the headers of ADTS (ISO/IEC 14496-3 §1.A.2.2.1), of which each frame has one, for the places where the format
 * of the sound changes: of a file that is copied into FLV, ffmpeg tells only the first.
 */
export class AdtsFormats {
  readonly #arrived = new Notifier();
  /** The configurations that begin with the frames of these numbers, but for the first of all. */
  readonly #changes = new Map<number, Uint8Array>();
  #rest: Uint8Array = new Uint8Array(0);
  #format: number | undefined;
  #frames = 0;
  #ended = false;

  push(bytes: Uint8Array): void {
    if (this.#ended) return;
    const data = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    let at = 0;
    while (at + headerLength <= data.length) {
      const header = data.subarray(at, at + headerLength);
      const length = frameLength(header);
      if (length === undefined) {
        this.end();
        return;
      }
      if (at + length > data.length) break;
      this.#note(header);
      at += length;
    }
    this.#rest = data.slice(at);
    this.#arrived.notify();
  }

  /** Nothing more comes. */
  end(): void {
    this.#ended = true;
    this.#arrived.notify();
  }

  /**
   * Waits for the header of a frame.
   *
   * @returns an AudioSpecificConfig where the format changes with this frame.
   */
  async changeAt(frame: number, signal: AbortSignal): Promise<Uint8Array | undefined> {
    while (this.#frames <= frame && !this.#ended && !signal.aborted) {
      await this.#arrived.wait(signal);
    }
    const change = this.#changes.get(frame);
    this.#changes.delete(frame);
    return change;
  }

  #note(header: Uint8Array): void {
    const format = formatOf(header);
    if (this.#format !== undefined && format !== this.#format) {
      this.#changes.set(this.#frames, configOf(header));
    }
    this.#format = format;
    this.#frames += 1;
  }
}

/** Undefined where this is no header. */
function frameLength(header: Uint8Array): number | undefined {
  const [sync = 0, flags = 0, , high = 0, middle = 0, low = 0] = header;
  const length = ((high & 3) << 11) | (middle << 3) | (low >> 5);
  return sync === 0xff && (flags & 0xf6) === 0xf0 && length >= headerLength ? length : undefined;
}

/** Object type, sampling frequency and channels as one number. */
const formatOf = ([, , a = 0, b = 0]: Uint8Array): number => ((a & 0xfd) << 2) | (b >> 6);

const frequencies = [
  ...[96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050],
  ...[16_000, 12_000, 11_025, 8_000, 7_350],
];

function configOf([, , a = 0, b = 0]: Uint8Array): Uint8Array {
  return buildAudioSpecificConfig({
    objectType: (a >> 6) + 1,
    sampleRate: frequencies[(a >> 2) & 15] ?? 48_000,
    channels: ((a & 1) << 2) | (b >> 6),
  });
}
