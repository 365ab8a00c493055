import {
  destinationsOf,
  dropCauses,
  type BroadcastSnapshot,
  type DestinationStatus,
  type Statistics,
} from '@tallylight/contract';
import { metricMakers, type MetricHelp } from './metric-makers.js';
import type { Metric, Series } from './prometheus-text.js';

/** A destination as Prometheus is told of it. */
interface Told {
  readonly label: string;
  /** The most of each that was told. */
  readonly bytes: number;
  readonly frames: number;
  readonly missed: number | undefined;
  readonly before: number | undefined;
}

/** A broadcast that runs, as Prometheus' metrics. */
export class BroadcastMetrics {
  readonly #snapshot: () => BroadcastSnapshot | undefined;
  #startedAt: number | undefined;
  /** By the destination's id. */
  #told: ReadonlyMap<string, Told> = new Map();

  /** @param snapshot undefined while there is no broadcast. */
  constructor(snapshot: () => BroadcastSnapshot | undefined) {
    this.#snapshot = snapshot;
  }

  /** Nothing while there is no broadcast. No key is in it: a destination is told by its name. */
  metrics(help: MetricHelp): Metric[] {
    const snapshot = this.#snapshot();
    if (snapshot?.startedAt === undefined) return [];
    if (snapshot.startedAt !== this.#startedAt) this.#told = new Map();
    this.#startedAt = snapshot.startedAt;
    const destinations = destinationsOf(snapshot).map((each) => withEarlier(each, snapshot));
    this.#tell(destinations);
    return [...ofBroadcast(snapshot, help), ...this.#ofDestinations(destinations, help)];
  }

  /** Names are given to those that are new, so that no two have the same, and none becomes another by who else is there. */
  #tell(destinations: readonly DestinationStatus[]): void {
    const there = new Set(destinations.map(({ id }) => id));
    const told = new Map([...this.#told].filter(([id]) => there.has(id)));
    for (const { id, name, bytesSent, framesSent, ...account } of destinations) {
      const taken = new Set([...told.values()].map(({ label }) => label));
      const was = told.get(id);
      const { label = freeLabel(name, taken), bytes = 0, frames = 0 } = was ?? {};
      // What turns out not to have arrived is taken back, and so is what was held for a server that came back, but a
      // counter that goes back would be taken for a new one.
      told.set(id, {
        ...{ label, bytes: Math.max(bytes, bytesSent), frames: Math.max(frames, framesSent) },
        missed: most(was?.missed, account.framesMissed),
        before: most(was?.before, account.framesBefore),
      });
    }
    this.#told = told;
  }

  #ofDestinations(destinations: readonly DestinationStatus[], help: MetricHelp): Metric[] {
    const { gauge, counter } = metricMakers(help);
    const told = destinations.flatMap((status) => {
      const known = this.#told.get(status.id);
      return known ? [{ status, known, labels: { destination: known.label } }] : [];
    });
    const of = (value: (status: DestinationStatus, known: Told) => number | undefined): Series[] =>
      told.flatMap(({ status, known, labels }) => {
        const figure = value(status, known);
        return figure === undefined ? [] : [{ labels, value: figure }];
      });
    return [
      gauge('tallylight_destination_up', ...of(({ state }) => (state === 'live' ? 1 : 0))),
      gauge('tallylight_destination_live_seconds', ...of(liveSeconds)),
      counter('tallylight_destination_sent_bytes_total', ...of((_, { bytes }) => bytes)),
      counter('tallylight_destination_sent_frames_total', ...of((_, { frames }) => frames)),
      counter(
        'tallylight_destination_dropped_frames_total',
        ...told.flatMap(({ status: { droppedBy }, labels }) =>
          dropCauses.flatMap((cause) =>
            droppedBy ? [{ labels: { ...labels, cause }, value: droppedBy[cause] }] : [],
          ),
        ),
      ),
      counter('tallylight_destination_missed_frames_total', ...of((_, { missed }) => missed)),
      counter('tallylight_destination_before_live_frames_total', ...of((_, { before }) => before)),
      counter('tallylight_destination_reconnects_total', ...of(({ reconnects }) => reconnects)),
      gauge(
        'tallylight_destination_bytes_per_second',
        ...of(({ bitrate }) => bitrate && bitrate / 8),
      ),
      gauge('tallylight_destination_frames_per_second', ...of(({ fps }) => fps)),
      gauge('tallylight_destination_rtt_seconds', ...of(({ rttMs }) => seconds(rttMs))),
      gauge('tallylight_destination_queued_seconds', ...of(({ queuedMs }) => seconds(queuedMs))),
      gauge('tallylight_destination_queued_bytes', ...of(({ queuedBytes }) => queuedBytes)),
    ];
  }
}

const most = (was: number | undefined, is: number | undefined): number | undefined =>
  is === undefined ? was : Math.max(was ?? 0, is);

/** With what it came to before it was ended and started again in the same broadcast. */
const withEarlier = (
  destination: DestinationStatus,
  { removed = [] }: BroadcastSnapshot,
): DestinationStatus =>
  destinationsOf({ outputs: removed })
    .filter(({ id }) => id === destination.id)
    .reduce(sumOf, destination);

const sumOf = (now: DestinationStatus, earlier: DestinationStatus): DestinationStatus => ({
  ...now,
  bytesSent: now.bytesSent + earlier.bytesSent,
  framesSent: now.framesSent + earlier.framesSent,
  ...(now.droppedBy && {
    droppedBy: {
      network: now.droppedBy.network + (earlier.droppedBy?.network ?? 0),
      move: now.droppedBy.move + (earlier.droppedBy?.move ?? 0),
    },
  }),
  ...(now.framesMissed !== undefined && {
    framesMissed: now.framesMissed + (earlier.framesMissed ?? 0),
  }),
  ...(now.framesBefore !== undefined && {
    framesBefore: now.framesBefore + (earlier.framesBefore ?? 0),
  }),
  reconnects: now.reconnects + earlier.reconnects,
});

function ofBroadcast(
  { startedAt = 0, statistics, program }: BroadcastSnapshot,
  help: MetricHelp,
): Metric[] {
  const { gauge, counter } = metricMakers(help);
  const of = (value: number | undefined): Series[] => (value === undefined ? [] : [{ value }]);
  return [
    gauge('tallylight_broadcast_start_time_seconds', { value: startedAt / 1000 }),
    counter('tallylight_broadcast_captured_frames_total', ...of(statistics?.video.frames)),
    counter(
      'tallylight_broadcast_lost_frames_total',
      ...Object.entries(statistics ? lostBy(statistics) : {}).map(([cause, value]) => ({
        ...{ labels: { cause }, value },
      })),
    ),
    gauge('tallylight_broadcast_encoder_speed_ratio', ...of(statistics?.encoderSpeed)),
    gauge('tallylight_program_cpu_cores', ...of(program?.cpu)),
    gauge('tallylight_program_resident_memory_bytes', ...of(program?.memoryBytes)),
  ];
}

/** Where frames were lost before they were part of the stream, where the source can tell. */
function lostBy({ video: { account, droppedFrames } }: Statistics): Record<string, number> {
  if (!account) return { unknown: droppedFrames };
  const { reading: capture, encoder, channel } = account.lost;
  return { capture, encoder, channel };
}

const liveSeconds = ({ liveSince }: DestinationStatus): number =>
  liveSince === undefined ? 0 : Math.max(0, (Date.now() - liveSince) / 1000);

const seconds = (ms: number | undefined): number | undefined =>
  ms === undefined ? undefined : ms / 1000;

function freeLabel(name: string, taken: ReadonlySet<string>): string {
  let label = name;
  for (let number = 2; taken.has(label); number += 1) label = `${name} (${number})`;
  return label;
}
