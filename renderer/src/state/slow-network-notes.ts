import { destinationsOf, type BroadcastSnapshot } from '@tallylight/contract';
import type { WindowMessages } from '@tallylight/messages/window';
import { formatKilobits } from './number-format.js';
import { destinationNames } from './profile-text.js';

/** Where the picture is encoded with less than the user wants, for whom; and whom that does not help. */
export function slowNetworkNotes(
  snapshot: BroadcastSnapshot,
  messages: WindowMessages,
): readonly string[] {
  if (!snapshot.videoBitrate) return [];
  const { asked, limit, loweredFor, overruled } = snapshot.videoBitrate;
  const named = (ids: readonly string[]): string =>
    destinationNames(
      destinationsOf(snapshot).filter(({ id }) => ids.includes(id)),
      messages,
    );
  const notes: string[] = [];
  if (loweredFor.length > 0 && asked < limit)
    notes.push(
      messages.t('window.health.lowered', {
        names: named(loweredFor),
        asked: formatKilobits(asked, messages),
        limit: formatKilobits(limit, messages),
      }),
    );
  if (overruled.length > 0)
    notes.push(messages.t('window.health.overruled', { names: named(overruled) }));
  return notes;
}
