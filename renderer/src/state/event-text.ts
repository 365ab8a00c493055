import type { BroadcastEvent } from '@tallylight/contract';
import type { WindowMessages } from '@tallylight/messages/window';
import { namesOf } from './list-of.js';
import {
  formatBytes,
  formatClock,
  formatKilobits,
  formatShortClock,
  formatTenths,
} from './number-format.js';
import { destinationName } from './profile-text.js';
import { formatTimeOfDay } from './time-format.js';

/** What happened, in a sentence. */
export function eventText(
  { event, outputId: id = '', name: called = '', names, data = {}, error }: BroadcastEvent,
  messages: WindowMessages,
): string {
  const figure = (key: string): number => Number(data[key] ?? 0);
  const values = {
    name: names ? namesOf(names, messages) : destinationName({ id, name: called }, messages),
    why: error ? messages.error(error).message : messages.t('unknown'),
    url: String(data['url'] ?? ''),
    file: String(data['path'] ?? '').replace(/^.*[\\/]/, ''),
    seconds: formatTenths(figure('milliseconds') / 1000, messages),
    frames: figure('frames'),
    size: formatBytes(figure('bytes'), messages),
    length: formatShortClock(figure('milliseconds')),
    time: formatClock(figure('milliseconds')),
    kilobits: formatKilobits(figure('bitrate'), messages),
  };
  const key = event === 'ended' && error ? 'endedWith' : event;
  return messages.t(`window.log.events.${key}`, values);
}

/** The whole log, a line each, with the times of this computer. */
export const logText = (log: readonly BroadcastEvent[], messages: WindowMessages): string =>
  log
    .map((entry) =>
      messages.t('window.log.line', {
        time: formatTimeOfDay(entry.at, messages),
        text: eventText(entry, messages),
      }),
    )
    .join('\n');
