/** One line of a playlist that is about media, with the tags that stand before it. */
interface ListedSegment {
  readonly uri: string;
  readonly seconds: number;
  readonly parts: readonly number[];
  readonly isDiscontinuity: boolean;
}

/** A media playlist, as far as its rules need it. */
export interface MediaPlaylist {
  readonly targetSeconds: number;
  readonly mediaSequence: number;
  readonly discontinuitySequence: number;
  readonly segments: readonly ListedSegment[];
  /** Parts of the segment that is not complete yet, seconds. */
  readonly openParts: readonly number[];
  readonly maps: readonly string[];
  readonly hasEnded: boolean;
  readonly preloadHint: string | undefined;
}

const attributes = (text: string): Map<string, string> =>
  new Map(
    [...text.matchAll(/([A-Z0-9-]+)=("[^"\r\n]*"|[^",\s]+)/g)].map(([, name = '', value = '']) => [
      name,
      value.replace(/^"(.*)"$/, '$1'),
    ]),
  );

const numberOf = (text: string, tag: string): number | undefined => {
  const found = [...text.matchAll(new RegExp(`^#${tag}:(\\d+)$`, 'gm'))];
  return found.length === 1 ? Number(found[0]?.[1]) : undefined;
};

/** Reads a media playlist; what it breaks of RFC 8216 is left to {@link brokenHlsRules}. */
export function parseMediaPlaylist(text: string): MediaPlaylist {
  const segments: ListedSegment[] = [];
  let [seconds, isDiscontinuity, parts] = [NaN, false, [] as number[]];
  for (const line of text.split('\n')) {
    if (line.startsWith('#EXTINF:')) seconds = Number.parseFloat(line.slice(8));
    else if (line === '#EXT-X-DISCONTINUITY') isDiscontinuity = true;
    else if (line.startsWith('#EXT-X-PART:')) parts.push(Number(attributes(line).get('DURATION')));
    else if (line !== '' && !line.startsWith('#')) {
      segments.push({ uri: line, seconds, parts, isDiscontinuity });
      [seconds, isDiscontinuity, parts] = [NaN, false, []];
    }
  }
  return {
    segments,
    openParts: parts,
    targetSeconds: numberOf(text, 'EXT-X-TARGETDURATION') ?? NaN,
    mediaSequence: numberOf(text, 'EXT-X-MEDIA-SEQUENCE') ?? 0,
    discontinuitySequence: numberOf(text, 'EXT-X-DISCONTINUITY-SEQUENCE') ?? 0,
    maps: [...text.matchAll(/^#EXT-X-MAP:URI="(.+?)"/gm)].map(([, uri = '']) => uri),
    hasEnded: text.includes('\n#EXT-X-ENDLIST\n'),
    preloadHint: /^#EXT-X-PRELOAD-HINT:TYPE=PART,URI="(.+?)"/m.exec(text)?.[1],
  };
}

/**
 * What a live media playlist breaks of RFC 8216 and, where it has parts, of draft-pantos-hls-rfc8216bis.
 *
 * @param before the same playlist as it was told some time ago.
 */
export function brokenHlsRules(text: string, before?: string): string[] {
  const list = parseMediaPlaylist(text);
  const lines = text.split('\n');
  const at = (start: string): number => lines.findIndex((line) => line.startsWith(start));
  const firstSegment = lines.findIndex((line) => line !== '' && !line.startsWith('#'));
  const version = numberOf(text, 'EXT-X-VERSION') ?? 1;
  const partTarget = Number(/#EXT-X-PART-INF:PART-TARGET=([\d.]+)/.exec(text)?.[1]);
  const holdBack = Number(/PART-HOLD-BACK=([\d.]+)/.exec(text)?.[1]);
  const parts = [...list.segments.map((segment) => segment.parts), list.openParts];
  const rules: Record<string, boolean> = {
    '4.1: UTF-8 without a byte order mark and control characters': /^[^\p{Cc}\uFEFF]*$/u.test(
      text.replaceAll('\n', ''),
    ),
    '4.3.1.1: begins with EXTM3U': lines[0] === '#EXTM3U',
    '4.3.1.2: one version, of 6 or more for EXT-X-MAP': list.maps.length === 0 || version >= 6,
    '4.3.2.1: each segment has its EXTINF': list.segments.every(({ seconds }) => seconds >= 0),
    '4.3.2.5: EXT-X-MAP before the first segment':
      list.maps.length > 0 && at('#EXT-X-MAP') < firstSegment,
    '4.3.2.6: dates with milliseconds and a zone': [
      ...text.matchAll(/^#EXT-X-PROGRAM-DATE-TIME:(.*)$/gm),
    ].every(([, date = '']) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(date)),
    '4.3.3.1: one target duration, no segment longer': list.segments.every(
      ({ seconds }) => Math.round(seconds) <= list.targetSeconds,
    ),
    '4.3.3.2: the media sequence before the first segment':
      at('#EXT-X-MEDIA-SEQUENCE') < firstSegment,
    '4.3.3.3: the discontinuity sequence before segments and discontinuities':
      at('#EXT-X-DISCONTINUITY-SEQUENCE') < firstSegment &&
      (!lines.includes('#EXT-X-DISCONTINUITY') ||
        at('#EXT-X-DISCONTINUITY-SEQUENCE') < lines.indexOf('#EXT-X-DISCONTINUITY')),
    'every address once':
      new Set(list.segments.map(({ uri }) => uri)).size === list.segments.length,
    'bis 4.4.3.7: parts have a target, none exceeds it': parts
      .flat()
      .every((seconds) => seconds <= partTarget + 1e-6),
    'bis 4.4.4.9: parts are as long as the target, but for the last of a segment': parts.every(
      (each) => each.slice(0, -1).every((seconds) => seconds >= partTarget * 0.85),
    ),
    'parts make their segment': list.segments.every(
      ({ parts: own, seconds }) =>
        own.length === 0 || Math.abs(own.reduce((sum, each) => sum + each, 0) - seconds) < 0.001,
    ),
    'bis 4.4.3.8: held back by three parts at least': holdBack >= partTarget * 3,
    'bis 4.4.5.3: a hint names what is not there yet':
      list.preloadHint === undefined || !text.includes(`URI="${list.preloadHint}"\n#EXT-X-PART`),
  };
  if (before !== undefined) Object.assign(rules, brokenByChange(parseMediaPlaylist(before), list));
  return Object.entries(rules)
    .filter(([, isKept]) => !isKept)
    .map(([rule]) => rule);
}

/** RFC 8216 §6.2.1 and §6.2.2: what may change from one load to the next. */
function brokenByChange(before: MediaPlaylist, after: MediaPlaylist): Record<string, boolean> {
  const gone = after.mediaSequence - before.mediaSequence;
  const kept = before.segments.slice(Math.max(gone, 0));
  const removed = before.segments.slice(0, Math.max(gone, 0));
  const total = after.segments.reduce((sum, { seconds }) => sum + seconds, 0);
  return {
    '6.2.1: the target duration stays': before.targetSeconds === after.targetSeconds,
    '6.2.1: nothing is added after the end': !before.hasEnded || after.hasEnded,
    '6.2.2: segments leave at the head, and are counted': gone >= 0,
    '6.2.1: what stays is unchanged': kept.every(
      ({ uri, seconds }, index) =>
        after.segments[index]?.uri === uri && after.segments[index].seconds === seconds,
    ),
    '6.2.2: discontinuities that leave are counted':
      after.discontinuitySequence - before.discontinuitySequence ===
      // The tag of the first one that stays is gone, too.
      [...removed.slice(1), ...(removed.length > 0 ? kept.slice(0, 1) : [])].filter(
        ({ isDiscontinuity }) => isDiscontinuity,
      ).length,
    '6.2.2: three target durations stay': gone === 0 || total >= after.targetSeconds * 3,
  };
}

/** What a multivariant playlist of one variant breaks of RFC 8216 §4.3.4. */
export function brokenMultivariantRules(text: string): string[] {
  const lines = text.trimEnd().split('\n');
  const streams = lines.flatMap((line, index) =>
    line.startsWith('#EXT-X-STREAM-INF:')
      ? [{ values: attributes(line), uri: lines[index + 1] }]
      : [],
  );
  const media = lines
    .filter((line) => line.startsWith('#EXT-X-MEDIA:'))
    .map((line) => attributes(line));
  const rules = {
    '4.3.1.1: begins with EXTM3U': lines[0] === '#EXTM3U',
    '4.3.4.2: a variant, its bandwidth and its address':
      streams.length > 0 &&
      streams.every(
        ({ values, uri }) => /^[1-9]\d*$/.test(values.get('BANDWIDTH') ?? '') && uri?.[0] !== '#',
      ),
    '4.3.4.2: codecs are told': streams.every(({ values }) => values.has('CODECS')),
    '4.3.4.2.1: renditions are grouped': streams.every(
      ({ values }) =>
        !values.has('AUDIO') ||
        media.some(
          (each) => each.get('TYPE') === 'AUDIO' && each.get('GROUP-ID') === values.get('AUDIO'),
        ),
    ),
    '4.3.4.1: a rendition has its group and its name': media.every(
      (each) => each.has('GROUP-ID') && each.has('NAME'),
    ),
  };
  return Object.entries(rules)
    .filter(([, isKept]) => !isKept)
    .map(([rule]) => rule);
}
