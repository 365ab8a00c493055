import {
  longestLog,
  type BroadcastEvent,
  type BroadcastSnapshot,
  type DestinationStatus,
  type OutputStatus,
  type RecordingStatus,
  type ReplayStatus,
} from '@tallylight/contract';

type Happened = Omit<BroadcastEvent, 'at'>;

/**
 * What happened in a broadcast, of each snapshot beside the one before: lines with their times, codes and figures, and no
 * key, for a snapshot has none.
 */
export class BroadcastLog {
  readonly #entries: BroadcastEvent[] = [];
  readonly #listeners = new Set<() => void>();
  /** What viewers of a destination had missed when it was lost. */
  readonly #missedAtLoss = new Map<string, number>();
  /** What a destination had lost by being sent on when it was sent on the last time. */
  readonly #lostAtMove = new Map<string, number>();
  #before: BroadcastSnapshot | undefined;

  /** Oldest first. */
  get entries(): readonly BroadcastEvent[] {
    return this.#entries;
  }

  /** Calls `listener` when there are new lines. Returns what ends that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** @param at milliseconds since the epoch. */
  receive(snapshot: BroadcastSnapshot, at = Date.now()): readonly BroadcastEvent[] {
    const before = this.#before;
    this.#before = snapshot;
    const isNew = before?.startedAt !== snapshot.startedAt;
    if (isNew) {
      this.#entries.length = 0;
      this.#missedAtLoss.clear();
      this.#lostAtMove.clear();
    }
    if (snapshot.startedAt === undefined) return [];
    const happened = this.#happened(isNew ? undefined : before, snapshot, at);
    const entries = happened.map((each) => ({ at, ...each }));
    this.#entries.push(...entries);
    this.#entries.splice(0, Math.max(0, this.#entries.length - longestLog));
    if (entries.length > 0) for (const listener of this.#listeners) listener();
    return entries;
  }

  #happened(
    before: BroadcastSnapshot | undefined,
    after: BroadcastSnapshot,
    at: number,
  ): Happened[] {
    const known = new Map(before?.outputs.map((output) => [output.id, output]));
    const there = new Set(after.outputs.map(({ id }) => id));
    const wasEnding = before?.state === 'stopping' || before?.state === 'ended';
    return [
      ...(before ? [] : [{ event: 'began' } as const]),
      ...after.outputs.flatMap((output) => {
        const one = known.get(output.id);
        const isAdded = before !== undefined && one === undefined && output.type === 'rtmp';
        return [
          ...(isAdded
            ? [{ event: 'destination-added', outputId: output.id, name: output.name } as const]
            : []),
          ...this.#ofOutput(one, output, { at, isEnding: wasEnding }),
        ];
      }),
      ...[...known.values()]
        .filter(({ id, type }) => !there.has(id) && type === 'rtmp')
        .map(({ id, name }) => ({ event: 'destination-removed', outputId: id, name }) as const),
      ...ofBitrate(before, after),
      ...ofSource(before, after),
      ...(after.state === 'ended' && before?.state !== 'ended'
        ? [{ event: 'ended', ...(after.error && { error: after.error }) } as const]
        : []),
    ];
  }

  #ofOutput(
    before: OutputStatus | undefined,
    after: OutputStatus,
    now: { readonly at: number; readonly isEnding: boolean },
  ): Happened[] {
    switch (after.type) {
      case 'rtmp':
        return this.#ofDestination(before?.type === 'rtmp' ? before : undefined, after, now);
      case 'recording':
        return ofRecording(before?.type === 'recording' ? before : undefined, after);
      case 'replay':
        return ofReplay(before?.type === 'replay' ? before : undefined, after);
    }
  }

  #ofDestination(
    before: DestinationStatus | undefined,
    after: DestinationStatus,
    { at, isEnding }: { readonly at: number; readonly isEnding: boolean },
  ): Happened[] {
    const { id, name: shown, state, lastError, framesMissed = 0 } = after;
    const who = { outputId: id, name: shown };
    const why = lastError && { error: lastError };
    const said: Happened[] = [];
    if (before?.state === 'live' && state !== 'live') {
      this.#missedAtLoss.set(id, before.framesMissed ?? 0);
    }
    if (state !== before?.state) {
      switch (state) {
        case 'live': {
          if (before?.state !== 'reconnecting') {
            const { goLiveMs } = after;
            const data = goLiveMs !== undefined && { data: { milliseconds: goLiveMs } };
            said.push({ event: 'destination-live', ...who, ...data });
            break;
          }
          const frames = framesMissed - (this.#missedAtLoss.get(id) ?? 0);
          const milliseconds = at - (before.lostAt ?? at);
          said.push({ event: 'destination-back', ...who, data: { milliseconds, frames } });
          break;
        }
        case 'reconnecting':
          said.push({ event: 'destination-lost', ...who, ...why });
          break;
        case 'failed':
          said.push({ event: 'destination-failed', ...who, ...why });
          break;
        case 'connecting':
          if (before?.state === 'failed') said.push({ event: 'destination-retried', ...who });
          break;
        case 'stopped':
          if (!isEnding) said.push({ event: 'destination-ended', ...who });
          break;
      }
    }
    if ((after.moves ?? 0) > (before?.moves ?? 0)) {
      const lost = after.droppedBy?.move ?? 0;
      const frames = lost - (this.#lostAtMove.get(id) ?? 0);
      this.#lostAtMove.set(id, lost);
      said.push({ event: 'destination-moved', ...who, data: { url: after.url, frames } });
    }
    if (after.silentMs !== undefined && before?.silentMs === undefined) {
      said.push({ event: 'destination-silent', ...who, data: { milliseconds: after.silentMs } });
    }
    return said;
  }
}

function ofRecording(before: RecordingStatus | undefined, after: RecordingStatus): Happened[] {
  const { name, state, bytes, lastError, isPaused = false } = after;
  const said: Happened[] = [];
  if (state !== before?.state) {
    if (state === 'live') said.push({ event: 'recording-began', name });
    if (state === 'stopped') said.push({ event: 'recording-ended', name, data: { bytes } });
    if (state === 'failed') {
      said.push({ event: 'recording-failed', name, ...(lastError && { error: lastError }) });
    }
  }
  if (before && isPaused !== (before.isPaused ?? false)) {
    said.push({ event: isPaused ? 'recording-paused' : 'recording-resumed', name });
  }
  return said;
}

function ofReplay(before: ReplayStatus | undefined, after: ReplayStatus): Happened[] {
  const { name, lastError } = after;
  if (before?.isSaving !== true || after.isSaving === true) return [];
  return [
    lastError && lastError !== before.lastError
      ? { event: 'replay-failed', name, error: lastError }
      : { event: 'replay-saved', name },
  ];
}

/** Where it is lowered first, and where it is back; what lies between would fill the log. */
function ofBitrate(before: BroadcastSnapshot | undefined, after: BroadcastSnapshot): Happened[] {
  const [was, is] = [before?.videoBitrate, after.videoBitrate];
  if (!is) return [];
  const said: Happened[] = [];
  if (was && was.limit !== is.limit) {
    said.push({ event: 'bitrate-limit', data: { bitrate: is.limit } });
  }
  const wasLowered = (was?.loweredFor.length ?? 0) > 0;
  const isLowered = is.loweredFor.length > 0;
  if (isLowered && !wasLowered) {
    const names = after.outputs.filter(({ id }) => is.loweredFor.includes(id));
    said.push({
      event: 'bitrate-lowered',
      name: names.map(({ name }) => name).join(', '),
      data: { bitrate: is.asked },
    });
  }
  if (wasLowered && !isLowered) {
    said.push({ event: 'bitrate-restored', data: { bitrate: is.asked } });
  }
  return said;
}

function ofSource(before: BroadcastSnapshot | undefined, after: BroadcastSnapshot): Happened[] {
  const isAway = ({ presence }: BroadcastSnapshot): boolean =>
    presence === 'slate' || presence === 'paused';
  if (!before || isAway(before) === isAway(after)) return [];
  return [{ event: isAway(after) ? 'source-away' : 'source-back' }];
}
