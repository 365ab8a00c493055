import {
  appError,
  reason,
  recordingsOf,
  type BroadcastSnapshot,
  type DestinationStatus,
  type RecordingStatus,
} from '@tallylight/contract';
import { shownText, type RecordingCommand } from './control-line.js';

/** Those that have not ended. */
export const runningRecordings = (snapshot: BroadcastSnapshot): readonly RecordingStatus[] =>
  recordingsOf(snapshot).filter(({ state }) => state !== 'failed' && state !== 'stopped');

/**
 * The recording that a line means, by its name, path or id: nobody may guess which of several it is.
 *
 * @param wanted may be absent where there is only one.
 * @throws AppError `INVALID_OPTION`, with the names that there are.
 */
export function chooseRecording(
  command: RecordingCommand,
  running: readonly RecordingStatus[],
  wanted: string | undefined,
): RecordingStatus {
  const [only, ...others] = running;
  if (!only) throw appError('INVALID_OPTION', { reason: reason('nothing-recorded') });
  if (wanted === undefined && others.length === 0) return only;
  const found = running.filter((each) => [each.id, each.path].includes(wanted ?? ''));
  const named = found.length > 0 ? found : running.filter(({ name }) => name === wanted);
  const [one, ...more] = named;
  if (one && more.length === 0) return one;
  const isMeant = wanted === undefined ? running : named;
  const names = (isMeant.length > 0 ? isMeant : running).map((each) => calledOf(each, running));
  if (isMeant.length === 0) {
    throw appError('INVALID_OPTION', {
      reason: reason('control-recording', {
        ...{ command, names: listed(names), got: shownText(wanted) },
      }),
    });
  }
  throw appError('INVALID_OPTION', {
    reason: reason('control-which-recording', { command, names: listed(names) }),
  });
}

/**
 * No destination has the name, or the id, that a line gives.
 *
 * @param wanted undefined where it is a key.
 */
export const noSuchDestination = (
  command: string,
  there: readonly Pick<DestinationStatus, 'id' | 'name'>[],
  wanted: string | undefined,
): Error =>
  appError('INVALID_OPTION', {
    reason:
      there.length === 0
        ? reason('no-destination-left')
        : reason('control-name', {
            command,
            names: listed(there.map(({ name }) => name)),
            ids: listed(there.map(({ id }) => id)),
            got: shownText(wanted),
          }),
  });

/** By its name, or, where another in another folder has the same, by its path. */
const calledOf = ({ name, path }: RecordingStatus, all: readonly RecordingStatus[]): string =>
  all.filter((each) => each.name === name).length > 1 ? path : name;

const listed = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');
