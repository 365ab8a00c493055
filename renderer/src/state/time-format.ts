import type { Messages } from '@tallylight/messages';

type Language = Pick<Messages, 'language'>;

/** `14:05:09` */
export const formatTimeOfDay = (milliseconds: number, { language }: Language): string =>
  new Date(milliseconds).toLocaleTimeString(language, { hourCycle: 'h23' });

/** Day and time, as the language writes them; without the year and the seconds. */
export const formatMoment = (milliseconds: number, { language }: Language): string =>
  new Date(milliseconds).toLocaleString(language, {
    ...{ month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' },
    hourCycle: 'h23',
  });

/** `14:05`; with seconds where they are not 0. */
export function formatTickTime(milliseconds: number, messages: Language): string {
  const date = new Date(Math.round(milliseconds / 1000) * 1000);
  if (date.getSeconds() !== 0) return formatTimeOfDay(date.getTime(), messages);
  return date.toLocaleTimeString(messages.language, {
    ...{ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  });
}
