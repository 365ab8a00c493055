import type { WindowMessages } from '@tallylight/messages/window';
import type { PlaybackDelay } from '../media/monitor/playback-gauge.js';
import { formatTenths } from './number-format.js';

/** What changes by more than this within some seconds is no one figure. Milliseconds. */
const leastRangeMs = 300;

/** How late viewers see it, no more exactly than that is known; or why it is not. */
export function delayText(delay: PlaybackDelay, messages: WindowMessages): string {
  const { t } = messages;
  if (delay.type !== 'measured') return t(`window.monitor.delayOf.${delay.type}`);
  const { ms, fromMs, toMs, isOld } = delay;
  const seconds = (late: number): string => formatTenths(Math.max(0, late) / 1000, messages);
  if (toMs - fromMs > leastRangeMs) {
    return t('window.monitor.delayRange', { from: seconds(fromMs), to: seconds(toMs) });
  }
  return t(isOld ? 'window.monitor.delayAbout' : 'window.monitor.delay', { seconds: seconds(ms) });
}
