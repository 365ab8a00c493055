import { metricMakers, type MetricHelp } from './metric-makers.js';
import type { Metric, Series } from './prometheus-text.js';
import type { StatisticsSnapshot, StreamStatistics, TrafficInfo } from './server-statistics.js';
import { protocols } from './traffic.js';

/**
 * The statistics as Prometheus' metrics. Those of a stream are there while it is live; those without a stream's name
 * never go back.
 */
export function serverMetrics(
  { since, memoryBytes, connections, published, refused, total, streams }: StatisticsSnapshot,
  help: MetricHelp,
): Metric[] {
  const { gauge, counter } = metricMakers(help);
  const of = (value: (stream: StreamStatistics) => number): Series[] =>
    streams.map((stream) => ({ labels: namesOf(stream), value: value(stream) }));
  return [
    gauge('process_resident_memory_bytes', { value: memoryBytes }),
    gauge('tallylight_start_time_seconds', { value: since / 1000 }),
    gauge('tallylight_streams', { value: streams.length }),
    counter('tallylight_streams_published_total', { value: published }),
    gauge('tallylight_connections', ...labelled('protocol', connections)),
    counter(
      'tallylight_refused_total',
      ...refused.map(({ role, reason, count }) => ({ labels: { role, reason }, value: count })),
    ),
    gauge('tallylight_players', ...playersOf(total)),
    counter('tallylight_received_bytes_total', { value: total.bytesIn }),
    counter('tallylight_received_frames_total', ...labelled('track', total.framesIn)),
    counter('tallylight_sent_bytes_total', ...bytesOutOf(total)),
    counter('tallylight_dropped_frames_total', { value: total.framesDropped }),
    gauge('tallylight_stream_start_time_seconds', ...of((stream) => stream.since / 1000)),
    gauge('tallylight_stream_players', ...streams.flatMap((s) => playersOf(s, namesOf(s)))),
    counter('tallylight_stream_received_bytes_total', ...of(({ bytesIn }) => bytesIn)),
    counter(
      'tallylight_stream_received_frames_total',
      ...streams.flatMap((s) => labelled('track', s.framesIn, namesOf(s))),
    ),
    counter(
      'tallylight_stream_sent_bytes_total',
      ...streams.flatMap((s) => bytesOutOf(s, namesOf(s))),
    ),
    counter('tallylight_stream_dropped_frames_total', ...of(({ framesDropped }) => framesDropped)),
  ];
}

type Labels = Readonly<Record<string, string>>;

const namesOf = ({ app, name }: StreamStatistics): Labels => ({ app, stream: name });

const labelled = (
  label: string,
  values: Readonly<Record<string, number>>,
  labels: Labels = {},
): Series[] =>
  Object.entries(values).map(([key, value]) => ({ labels: { ...labels, [label]: key }, value }));

const playersOf = (info: TrafficInfo, labels: Labels = {}): Series[] =>
  protocols.map((protocol) => ({
    ...{ labels: { ...labels, protocol }, value: info.protocols[protocol].players },
  }));

const bytesOutOf = (info: TrafficInfo, labels: Labels = {}): Series[] =>
  protocols.map((protocol) => ({
    ...{ labels: { ...labels, protocol }, value: info.protocols[protocol].bytesOut },
  }));
