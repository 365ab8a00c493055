import {
  buildAvcDecoderConfiguration,
  iterateLengthPrefixed,
  nalUnitType,
  nalUnitTypeOf,
  parseAvcDecoderConfiguration,
  type EncodedPacket,
} from 'node-rtmp-client';

/**
 * Finds the configurations that a stream of H.264 brings within its pictures, as MPEG-TS does: what reads a container
 * tells only the first. Players of RTMP want another in a message of its own.
 */
export class InBandConfigs {
  #known = new Set<string>();

  /** The packet, behind the configuration that it needs where that is news. */
  note(packet: EncodedPacket): EncodedPacket[] {
    if (packet.codec !== 'h264') return [packet];
    if (packet.type === 'config') {
      const { sps, pps } = parseAvcDecoderConfiguration(packet.payload);
      this.#known = new Set([...sps, ...pps].map(fingerprint));
      return [packet];
    }
    if (!packet.keyframe) return [packet];
    const units = [...iterateLengthPrefixed(packet.payload)];
    const ofType = (type: number): Uint8Array[] =>
      units.filter((unit) => nalUnitTypeOf(unit) === type);
    const sps = ofType(nalUnitType.sequenceParameterSet);
    const pps = ofType(nalUnitType.pictureParameterSet);
    const isKnown = [...sps, ...pps].every((unit) => this.#known.has(fingerprint(unit)));
    if (isKnown || sps.length === 0 || pps.length === 0) return [packet];
    this.#known = new Set([...sps, ...pps].map(fingerprint));
    const payload = buildAvcDecoderConfiguration(sps, pps);
    return [{ ...packet, type: 'config', payload, pts: packet.dts }, packet];
  }
}

const fingerprint = (unit: Uint8Array): string => Buffer.from(unit).toString('base64');
