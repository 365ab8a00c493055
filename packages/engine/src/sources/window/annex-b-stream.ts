import {
  buildAvcDecoderConfiguration,
  iterateAnnexB,
  joinLengthPrefixed,
  nalUnitType,
  nalUnitTypeOf,
} from 'node-rtmp-client';

/** What belongs into the configuration, or nowhere, but not into a frame of ISO/IEC 14496-15. */
const apartFromFrames = new Set<number>([
  nalUnitType.sequenceParameterSet,
  nalUnitType.pictureParameterSet,
  nalUnitType.accessUnitDelimiter,
]);

export interface ConvertedAccessUnit {
  /** An AVCDecoderConfigurationRecord, where this access unit brought parameter sets that differ from those before. */
  readonly config?: Uint8Array;
  /** NAL units with four-byte lengths; empty where there were none but parameter sets. */
  readonly payload: Uint8Array;
}

/**
 * Turns an H.264 byte stream with its parameter sets in band (ITU-T H.264 Annex B), as Chromium's MediaRecorder writes
 * it, into what {@link EncodedPacket} carries. Encoders repeat the sets before each keyframe; only a change is told.
 */
export class AnnexBStream {
  #current = '';

  /** @throws MalformedError when a sequence parameter set cannot be read. */
  convert(accessUnit: Uint8Array): ConvertedAccessUnit {
    const units = [...iterateAnnexB(accessUnit)];
    const ofType = (type: number): Uint8Array[] =>
      units.filter((unit) => nalUnitTypeOf(unit) === type);
    const sps = ofType(nalUnitType.sequenceParameterSet);
    const pps = ofType(nalUnitType.pictureParameterSet);
    const payload = joinLengthPrefixed(
      units.filter((unit) => !apartFromFrames.has(nalUnitTypeOf(unit))),
    );
    if (sps.length === 0 || pps.length === 0) return { payload };
    const config = buildAvcDecoderConfiguration(sps, pps);
    const fingerprint = Buffer.from(config).toString('base64');
    if (fingerprint === this.#current) return { payload };
    this.#current = fingerprint;
    return { config, payload };
  }
}
