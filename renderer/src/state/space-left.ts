import { minutesLeft, type RecordingStatus } from '@tallylight/contract';
import type { WindowMessages } from '@tallylight/messages/window';

/** For how long the disk of a recording lasts, where that is worth a warning; else nothing. */
export function spaceLeft(recording: RecordingStatus, { t }: WindowMessages): string {
  const minutes = minutesLeft(recording);
  if (minutes === undefined) return '';
  return minutes < 1
    ? t('window.recording.leftLess')
    : t('window.recording.left', { count: minutes });
}
