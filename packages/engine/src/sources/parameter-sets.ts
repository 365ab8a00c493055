import {
  iterateLengthPrefixed,
  joinLengthPrefixed,
  parseAvcDecoderConfiguration,
  parseHevcDecoderConfiguration,
  type EncodedPacket,
} from 'node-rtmp-client';

/** Access unit delimiters: first of their access unit where they are there (ITU-T H.264 §7.4.1.2.3, H.265 §7.4.2.4.4). */
const isDelimiter = (codec: 'h264' | 'hevc', unit: Uint8Array): boolean => {
  const header = unit[0] ?? 0;
  return codec === 'h264' ? (header & 0x1f) === 9 : ((header >> 1) & 0x3f) === 35;
};

/**
 * A keyframe that also holds the parameter sets of its configuration.
 *
 * In the middle of a stream a new configuration alone does not reach everybody: ffmpeg's parser, for one, keeps to the
 * first it has seen. Within the picture they reach every decoder, in its order.
 *
 * @returns `keyframe` itself for codecs whose pictures hold everything anyway.
 */
export function withParameterSets(keyframe: EncodedPacket, config: EncodedPacket): EncodedPacket {
  const { codec } = keyframe;
  if (codec !== config.codec || (codec !== 'h264' && codec !== 'hevc')) return keyframe;
  const units = [...iterateLengthPrefixed(keyframe.payload)];
  const [first] = units;
  const at = first && isDelimiter(codec, first) ? 1 : 0;
  const payload = joinLengthPrefixed([
    ...units.slice(0, at),
    ...parameterSets(codec, config.payload),
    ...units.slice(at),
  ]);
  return { ...keyframe, payload };
}

function parameterSets(codec: 'h264' | 'hevc', config: Uint8Array): readonly Uint8Array[] {
  if (codec === 'h264') {
    const { sps, pps } = parseAvcDecoderConfiguration(config);
    return [...sps, ...pps];
  }
  const { vps, sps, pps } = parseHevcDecoderConfiguration(config);
  return [...vps, ...sps, ...pps];
}
