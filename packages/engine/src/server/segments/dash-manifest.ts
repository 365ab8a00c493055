import { ticksOf } from '../../cmaf/cmaf-fragment.js';
import type { PackagedStream, Period, PeriodTrack, Segment } from './packaged-stream.js';
import type { TrackKind } from '../../cmaf/segmenter.js';

const microseconds = 1_000_000;
/** Where nothing was published for longer than this, what came before is not listed. Seconds. */
const longestHole = 1;
/** How far behind the newest segment's end a player begins, in segments. */
const delaySegments = 2;

/**
 * The media presentation description of a live stream (ISO/IEC 23009-1 §5.3, profile "ISO Base media file format
 * live"): every segment by its own time, so that none is asked for before it is there.
 *
 * @param suffix what every address in it has at its end: a query, or nothing
 */
export function dashManifest(stream: PackagedStream, now: number, suffix = ''): string {
  const target = stream.targetSeconds ?? stream.segmentSeconds;
  const periods = periodsOf(stream);
  const [first] = periods;
  const startedAt = first?.period.startedAt ?? now;
  const listed = periods.flatMap(({ tracks }) => [...tracks.values()].flat());
  const end = Math.max(...listed.map((segment) => endOf(segment, startedAt)), 0);
  const oldest = Math.min(...listed.map((segment) => startOf(segment, startedAt)), end);
  // From the oldest segment to now, not to the newest: once now less this is past the newest, which is so while the next
  // one is still on its way, dash.js takes the clock for wrong, and all that follows is late.
  const depth = (now - startedAt) / 1000 - oldest;
  // Who comes when there is less than this takes that for the delay for ever, if the window is no longer.
  const delay = target * delaySegments;
  const attributes = {
    xmlns: 'urn:mpeg:dash:schema:mpd:2011',
    profiles: 'urn:mpeg:dash:profile:isoff-live:2011',
    type: 'dynamic',
    availabilityStartTime: new Date(startedAt).toISOString(),
    publishTime: new Date(now).toISOString(),
    ...(stream.isOver
      ? { mediaPresentationDuration: duration(end) }
      : // Asked for once a segment only, it would tell of the next one when that is already due.
        { minimumUpdatePeriod: duration(stream.segmentSeconds / 2) }),
    minBufferTime: duration(stream.segmentSeconds),
    timeShiftBufferDepth: duration(Math.max(depth, delay)),
    suggestedPresentationDelay: duration(delay),
    maxSegmentDuration: duration(target),
  };
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    ...element('MPD', attributes, [
      // Where it is asked for from now on, without what it was first asked for with.
      ...(suffix === '' ? [] : [`<Location>${escaped(`manifest.mpd${suffix}`)}</Location>`]),
      ...periods.flatMap((each) => periodElement(each, startedAt, suffix)),
      ...element('UTCTiming', {
        schemeIdUri: 'urn:mpeg:dash:utc:direct:2014',
        value: new Date(now).toISOString(),
      }),
    ]),
    '',
  ].join('\n');
}

interface ListedPeriod {
  readonly period: Period;
  readonly tracks: ReadonlyMap<TrackKind, Segment[]>;
}

/** What is listed, by period; renditions of one period together. */
function periodsOf(stream: PackagedStream): ListedPeriod[] {
  const periods = new Map<Period, Map<TrackKind, Segment[]>>();
  for (const kind of ['video', 'audio'] as const) {
    for (const segment of stream.rendition(kind).listed) {
      const tracks = periods.get(segment.period) ?? new Map<TrackKind, Segment[]>();
      periods.set(segment.period, tracks);
      tracks.set(kind, [...(tracks.get(kind) ?? []), segment]);
    }
  }
  const listed = [...periods]
    .map(([period, tracks]) => ({ period, tracks }))
    .toSorted((a, b) => a.period.startedAt - b.period.startedAt);
  // A player that begins in a hole finds nothing there, and stays.
  const sinceHole = listed.findLastIndex(({ period: { startedAt } }, index) => {
    const before = listed[index - 1];
    return before !== undefined && startedAt / 1000 - endOfPeriod(before) > longestHole;
  });
  return listed.slice(Math.max(sinceHole, 0));
}

/** Seconds since the epoch. */
const endOfPeriod = ({ tracks }: ListedPeriod): number =>
  Math.max(...[...tracks.values()].flat().map((segment) => endOf(segment, 0)));

function periodElement(
  { period, tracks }: ListedPeriod,
  startedAt: number,
  suffix: string,
): string[] {
  const attributes = {
    id: String(period.id),
    start: duration((period.startedAt - startedAt) / 1000),
  };
  const sets = [...tracks].flatMap(([kind, segments]) => {
    const known = period.tracks.get(kind);
    return known ? adaptationSet(kind, known, { period, segments, suffix }) : [];
  });
  return element('Period', attributes, sets);
}

function adaptationSet(
  kind: TrackKind,
  { track, timescale }: PeriodTrack,
  {
    period,
    segments,
    suffix,
  }: { readonly period: Period; readonly segments: readonly Segment[]; readonly suffix: string },
): string[] {
  const ticks = (time: number): number => ticksOf(time, timescale);
  const timeline = entriesOf(segments).flatMap(({ from, to }) =>
    element('S', { t: String(ticks(from)), d: String(ticks(to) - ticks(from)) }),
  );
  const template = element(
    'SegmentTemplate',
    {
      timescale: String(timescale),
      presentationTimeOffset: String(ticks(period.start)),
      initialization: `${kind}-init-${period.id}.mp4${suffix}`,
      media: `${kind}-$Number$.m4s${suffix}`,
      startNumber: String(segments[0]?.number ?? 0),
    },
    element('SegmentTimeline', {}, timeline),
  );
  const peak = Math.max(
    ...segments.map(({ bytes, duration: length }) => (bytes * 8 * microseconds) / length),
  );
  const isIndependent = segments.every((segment) => segment.isIndependent);
  const representation = element(
    'Representation',
    {
      id: kind,
      bandwidth: String(Math.ceil(peak)),
      ...(track.track === 'video'
        ? { width: String(track.width), height: String(track.height) }
        : { audioSamplingRate: String(track.sampleRate) }),
    },
    track.track === 'audio'
      ? element('AudioChannelConfiguration', {
          schemeIdUri: 'urn:mpeg:dash:23003:3:audio_channel_configuration:2011',
          value: String(track.channels),
        })
      : [],
  );
  return element(
    'AdaptationSet',
    {
      contentType: kind,
      mimeType: `${kind}/mp4`,
      codecs: track.codecString,
      segmentAlignment: 'true',
      ...(isIndependent && { startWithSAP: '1' }),
    },
    [...template, ...representation],
  );
}

/**
 * What the timeline says of each segment, microseconds, without a hole: dash.js asks for the segment that is there when
 * the one before ends, and where none is it waits for ever. So a pause of the sound belongs to the segment after it.
 */
function entriesOf(segments: readonly Segment[]): { from: number; to: number }[] {
  const entries: { from: number; to: number }[] = [];
  for (const { start, duration: length } of segments) {
    const from = entries.at(-1)?.to ?? start;
    entries.push({ from, to: Math.max(start + length, from) });
  }
  return entries;
}

/** Seconds from the beginning of the presentation. */
const startOf = ({ period, start }: Segment, startedAt: number): number =>
  (period.startedAt - startedAt) / 1000 + (start - period.start) / microseconds;

const endOf = (segment: Segment, startedAt: number): number =>
  startOf(segment, startedAt) + segment.duration / microseconds;

/** Seconds as XML Schema writes a duration. */
const duration = (seconds: number): string => `PT${Number(Math.max(seconds, 0).toFixed(3))}S`;

function element(
  name: string,
  attributes: Readonly<Record<string, string>>,
  contents: readonly string[] = [],
): string[] {
  const open = [
    name,
    ...Object.entries(attributes).map(([key, value]) => `${key}="${escaped(value)}"`),
  ];
  if (contents.length === 0) return [`<${open.join(' ')}/>`];
  return [`<${open.join(' ')}>`, ...contents.map((line) => `  ${line}`), `</${name}>`];
}

const escaped = (value: string): string =>
  value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
