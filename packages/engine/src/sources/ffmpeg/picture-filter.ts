import type { Encoding } from '@tallylight/contract';

/** What must be done to a picture before it is like any other. */
export interface PictureTraits {
  readonly isInterlaced?: boolean;
  /** The transfer of a picture of high dynamic range that is to be made one of the usual range. */
  readonly toneMapFrom?: string | undefined;
}

/**
 * Scaled to fit with black bars, with square pixels, at a constant rate: encoders, servers and players count on all of
 * it. ffmpeg has turned the picture upright before, where its file says how.
 *
 * @param format the end of the chain: what the encoder takes.
 */
export function pictureFilter(
  { width, height, fps }: Encoding,
  format: string,
  { isInterlaced = false, toneMapFrom }: PictureTraits = {},
): string {
  return [
    ...(isInterlaced ? ['yadif=deint=interlaced'] : []),
    `fps=${fps}`,
    // `dar` is the shape of the picture as it is shown, whatever the shape of its pixels.
    `scale=w=${even(`min(${width},${height}*dar)`)}:h=${even(`min(${height},${width}/dar)`)}`,
    // After the scaling, where there are fewest pixels, and before the bars, which are black already.
    ...(toneMapFrom === undefined ? [] : toneMapping(toneMapFrom)),
    `pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2`,
    'setsar=1',
    format,
  ].join(',');
}

const even = (size: string): string => `'max(2,round(${size}/2)*2)'`;

/** In linear light, from the colors of BT.2020 to those of BT.709. */
const toneMapping = (transfer: string): string[] => [
  `zscale=transferin=${transfer}:primariesin=bt2020:matrixin=bt2020nc:transfer=linear:npl=100`,
  ...['format=gbrpf32le', 'zscale=primaries=bt709', 'tonemap=tonemap=hable:desat=0'],
  ...['zscale=transfer=bt709:matrix=bt709:range=tv', 'format=yuv420p'],
];
