import {
  longestLog,
  type BroadcastEvent,
  type BroadcastSnapshot,
  type DestinationStatus,
  type OutputStatus,
  type RecordingStatus,
  type ReplayStatus,
} from '@tallylight/contract';

/** `at`: where it was before the snapshot that tells it. */
type Happened = Omit<BroadcastEvent, 'at'> & { readonly at?: number };

/**
 * What happened in a broadcast, of each snapshot beside the one before: lines with their times, codes and figures, and no
 * key, for a snapshot has none.
 */
export class BroadcastLog {
  readonly #entries: BroadcastEvent[] = [];
  readonly #listeners = new Set<() => void>();
  /** When one that had failed or was ended was wanted again. */
  readonly #wantedAgainAt = new Map<string, number>();
  /** What viewers of a destination had missed when it was lost. */
  readonly #missedAtLoss = new Map<string, number>();
  /** What a destination had lost by being sent on when it was sent on the last time. */
  readonly #lostAtMove = new Map<string, number>();
  /** Every destination that there has been. */
  readonly #seen = new Set<string>();
  /** Those that had failed and are gone, which may be about to be begun again. */
  #gone: readonly (Happened & { readonly outputId: string })[] = [];
  /** Whether it is for viewers, or only recorded. */
  #isShow = true;
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
      this.#wantedAgainAt.clear();
      this.#missedAtLoss.clear();
      this.#lostAtMove.clear();
      this.#seen.clear();
      this.#gone = [];
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
    this.#isShow = isForViewers(before ? this.#isShow : true, after);
    const left = [...known.values()].filter(({ id, type }) => !there.has(id) && type === 'rtmp');
    return [
      ...(before || !this.#isShow ? [] : [{ event: 'began' } as const]),
      ...this.#gone.filter(({ outputId }) => !there.has(outputId)),
      ...after.outputs.flatMap((output) => {
        const one = known.get(output.id);
        const isAdded = before !== undefined && one === undefined && output.type === 'rtmp';
        const who = { outputId: output.id, name: output.name };
        const event = this.#seen.has(output.id) ? 'destination-restarted' : 'destination-added';
        if (output.type === 'rtmp') this.#seen.add(output.id);
        if (isAdded) this.#forget(output.id);
        return [
          ...(isAdded ? [{ event, ...who } as const] : []),
          ...this.#ofOutput(one, output, { at, isEnding: wasEnding }),
        ];
      }),
      ...this.#left(left, at),
      ...ofAir(before, after),
      ...ofBitrate(before, after),
      ...ofSource(before, after),
      ...(after.state === 'ended' && before?.state !== 'ended'
        ? ofEnd(after, { isShow: this.#isShow })
        : []),
    ];
  }

  /** One that is added anew counts anew. */
  #forget(id: string): void {
    for (const of of [this.#wantedAgainAt, this.#missedAtLoss, this.#lostAtMove]) of.delete(id);
  }

  /** That one was ended is told already; one that had failed may only give way to itself, which the next snapshot shows. */
  #left(outputs: readonly OutputStatus[], at: number): Happened[] {
    const removed = outputs
      .filter(({ state }) => state !== 'stopped')
      .map(({ id, name, state }) => ({
        isOver: state === 'failed',
        line: { event: 'destination-removed', outputId: id, name, at } as const,
      }));
    this.#gone = removed.filter(({ isOver }) => isOver).map(({ line }) => line);
    return removed.filter(({ isOver }) => !isOver).map(({ line }) => line);
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
            const again = this.#wantedAgainAt.get(id);
            // That of the status is of the first time.
            const milliseconds = again === undefined ? after.goLiveMs : at - again;
            const data = milliseconds !== undefined && { data: { milliseconds } };
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
          if (before?.state === 'failed' || before?.state === 'stopped') {
            this.#wantedAgainAt.set(id, at);
          }
          if (before?.state === 'failed') said.push({ event: 'destination-retried', ...who });
          if (before?.state === 'stopped') said.push({ event: 'destination-restarted', ...who });
          break;
        case 'stopped':
          if (!isEnding) said.push({ event: 'destination-ended', ...who });
          break;
      }
    }
    // Never live yet, and tried again: it is no loss for viewers, but it is what happened.
    if (state === 'connecting' && after.waiting && !before?.waiting) {
      said.push({ event: 'destination-postponed', ...who, ...why });
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

/** With the file, since several can be recorded at a time, and what it came to. */
function ofRecording(before: RecordingStatus | undefined, after: RecordingStatus): Happened[] {
  const { id, name, path, otherPaths = [], state, lastError, isPaused = false } = after;
  const who = { outputId: id, name };
  const said: Happened[] = [];
  if (state !== before?.state) {
    const data = { path, ...madeOf(after) };
    if (state === 'live') said.push({ event: 'recording-began', ...who, data: { path } });
    if (state === 'stopped') said.push({ event: 'recording-ended', ...who, data });
    if (state === 'failed') {
      said.push({
        event: 'recording-failed',
        ...who,
        data,
        ...(lastError && { error: lastError }),
      });
    }
  }
  const isOver = state === 'stopped' || state === 'failed';
  if (before && !isOver && isPaused !== (before.isPaused ?? false)) {
    said.push({ event: isPaused ? 'recording-paused' : 'recording-resumed', ...who });
  }
  // Of one that is over, its end tells how many there are.
  for (const file of isOver ? [] : otherPaths.slice(before?.otherPaths?.length ?? 0)) {
    said.push({ event: 'recording-continued', ...who, data: { path: file } });
  }
  return said;
}

const madeOf = ({
  bytes,
  durationMs = 0,
  otherPaths = [],
}: Pick<RecordingStatus, 'bytes' | 'durationMs' | 'otherPaths'>) => ({
  ...{ bytes, milliseconds: durationMs },
  ...(otherPaths.length > 0 && { files: 1 + otherPaths.length }),
});

/** A line for each that was saved meanwhile: several may wait for each other. */
function ofReplay(before: ReplayStatus | undefined, after: ReplayStatus): Happened[] {
  const { id, saves = [], saveCount = 0 } = after;
  const more = Math.min(saves.length, saveCount - (before?.saveCount ?? 0));
  return saves.slice(saves.length - more).map((save) => {
    const { name, path, error } = save;
    const who = { outputId: id, name };
    return error
      ? { event: 'replay-failed', ...who, error }
      : { event: 'replay-saved', ...who, data: { path, ...madeOf(save) } };
  });
}

/** Whether there is a show, or was one until the end; not where it is only recorded. */
function isForViewers(wasShow: boolean, { state, outputs }: BroadcastSnapshot): boolean {
  if (state === 'stopping' || state === 'ended') return wasShow;
  const destinations = outputs.filter(({ type }) => type === 'rtmp');
  if (state === 'recording') {
    return destinations.some((each) => each.state !== 'failed' && each.state !== 'stopped');
  }
  return destinations.length > 0 || !outputs.some(({ type }) => type === 'recording');
}

/** What was only recorded has ended with its recordings; why it did is told where those do not. */
function ofEnd(
  { error, outputs }: BroadcastSnapshot,
  { isShow }: { readonly isShow: boolean },
): Happened[] {
  const why = error && { error };
  if (isShow) return [{ event: 'ended', ...why }];
  const isTold = outputs.some(({ type, state }) => type === 'recording' && state === 'failed');
  return why && !isTold ? [{ event: 'recording-over', ...why }] : [];
}

/** A show begins, or is over, and what records goes on. */
function ofAir(before: BroadcastSnapshot | undefined, after: BroadcastSnapshot): Happened[] {
  if (before?.state === 'recording' && after.state === 'live') return [{ event: 'on-air' }];
  const wasShow = before?.state === 'live' || before?.state === 'reconnecting';
  if (!wasShow || after.state !== 'recording') return [];
  const milliseconds = after.onAirMs ?? 0;
  return [{ event: 'off-air', data: { milliseconds } }];
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
      names: names.map(({ name }) => name),
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
