import type { PackagedStream, Part, Rendition, Segment } from './packaged-stream.js';

const microseconds = 1_000_000;
/** Parts of this many complete segments are listed beside those of the open one. */
const segmentsWithParts = 2;

/**
 * The multivariant playlist (RFC 8216 §4.3.4): one variant, whose sound, where there is a picture, is a rendition of
 * its own, so that HLS and DASH share the segments.
 */
export function multivariantPlaylist(stream: PackagedStream, suffix = ''): string {
  const { renditions, period } = stream;
  const tracks = renditions.flatMap(({ kind }) => period?.tracks.get(kind)?.track ?? []);
  const picture = tracks.find((track) => track.track === 'video');
  const attributes = [
    `BANDWIDTH=${Math.ceil(renditions.reduce((sum, each) => sum + peakBitrate(each), 0))}`,
    `CODECS="${tracks.map(({ codecString }) => codecString).join(',')}"`,
    ...(picture ? [`RESOLUTION=${picture.width}x${picture.height}`] : []),
    ...(picture && tracks.length > 1 ? ['AUDIO="audio"'] : []),
  ];
  const audio =
    picture && tracks.length > 1
      ? [
          '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="audio",DEFAULT=YES,AUTOSELECT=YES,' +
            `URI="audio.m3u8${suffix}"`,
        ]
      : [];
  return lines([
    '#EXTM3U',
    '#EXT-X-VERSION:6',
    ...audio,
    `#EXT-X-STREAM-INF:${attributes.join(',')}`,
    `${picture ? 'video' : 'audio'}.m3u8${suffix}`,
  ]);
}

/**
 * The media playlist of a rendition (RFC 8216 §4.3.3), with the parts of the newest segments and blocking reload
 * (draft-pantos-hls-rfc8216bis, "Low-Latency HLS").
 */
export function mediaPlaylist(stream: PackagedStream, rendition: Rendition, suffix = ''): string {
  const { listed, open, kind, discontinuities } = rendition;
  const { partSeconds } = stream;
  const withParts = new Set([...listed.slice(-segmentsWithParts), ...(open ? [open] : [])]);
  const text = [
    '#EXTM3U',
    '#EXT-X-VERSION:6',
    `#EXT-X-TARGETDURATION:${stream.targetSeconds ?? Math.ceil(stream.segmentSeconds)}`,
    `#EXT-X-MEDIA-SEQUENCE:${listed[0]?.number ?? open?.number ?? 0}`,
    `#EXT-X-DISCONTINUITY-SEQUENCE:${discontinuities}`,
    ...(listed.every(({ isIndependent }) => isIndependent) ? ['#EXT-X-INDEPENDENT-SEGMENTS'] : []),
    `#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=${partSeconds * 3}`,
    `#EXT-X-PART-INF:PART-TARGET=${partSeconds}`,
  ];
  let before: Segment | undefined;
  for (const segment of open ? [...listed, open] : listed) {
    if (segment.period !== before?.period) {
      if (before) text.push('#EXT-X-DISCONTINUITY');
      text.push(`#EXT-X-MAP:URI="${kind}-init-${segment.period.id}.mp4${suffix}"`);
    }
    before = segment;
    text.push(`#EXT-X-PROGRAM-DATE-TIME:${dateOf(segment).toISOString()}`);
    if (withParts.has(segment)) {
      for (const [index, part] of segment.parts.entries())
        text.push(partTag(part, partUri(kind, segment.number, index, suffix)));
    }
    if (segment === open) continue;
    text.push(`#EXTINF:${seconds(segment.duration)},`, `${kind}-${segment.number}.m4s${suffix}`);
  }
  if (stream.isOver) return lines([...text, '#EXT-X-ENDLIST']);
  const number = open?.number ?? (listed.at(-1)?.number ?? 0) + 1;
  const hint = partUri(kind, number, open?.parts.length ?? 0, suffix);
  return lines([...text, `#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${hint}"`]);
}

const partUri = (kind: string, number: number, index: number, suffix: string): string =>
  `${kind}-${number}.${index}.m4s${suffix}`;

function partTag({ duration, isIndependent }: Part, uri: string): string {
  const independent = isIndependent ? ',INDEPENDENT=YES' : '';
  return `#EXT-X-PART:DURATION=${seconds(duration)},URI="${uri}"${independent}`;
}

/** When its first frame was here. */
const dateOf = ({ period, start }: Segment): Date =>
  new Date(period.startedAt + (start - period.start) / 1000);

/** Bits a second of the segment that needs most. */
const peakBitrate = ({ listed }: Rendition): number =>
  Math.max(...listed.map(({ bytes, duration }) => (bytes * 8 * microseconds) / duration), 1);

const seconds = (duration: number): string => String(Number((duration / microseconds).toFixed(6)));

const lines = (text: readonly string[]): string => `${text.join('\n')}\n`;
