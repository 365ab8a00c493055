import type { VideoPacket } from './encoded-packet.js';
import { iterateLengthPrefixed, joinLengthPrefixed } from './nal-units.js';

/** Offset of the byte of an AVCDecoderConfigurationRecord whose low two bits hold `lengthSizeMinusOne`. */
const lengthSizeAt = 4;

/**
 * Brings the H.264 of one stream to the four-byte NAL unit lengths that {@link EncodedPacket} promises: files may have
 * shorter ones. What has four already is handed on as it is.
 */
export class NalLengthWidener {
  #lengthSize = 4;

  /** @throws MalformedError when a length points past the end of its frame. */
  widen(packet: VideoPacket): VideoPacket {
    if (packet.type === 'config') return this.#widenConfig(packet);
    if (this.#lengthSize === 4) return packet;
    const units = iterateLengthPrefixed(packet.payload, this.#lengthSize);
    return { ...packet, payload: joinLengthPrefixed(units) };
  }

  #widenConfig(packet: VideoPacket): VideoPacket {
    const field = packet.payload[lengthSizeAt] ?? 0xff;
    this.#lengthSize = (field & 3) + 1;
    if (this.#lengthSize === 4) return packet;
    const payload = Uint8Array.from(packet.payload);
    payload[lengthSizeAt] = field | 3;
    return { ...packet, payload };
  }
}
