import { looksLikeKey } from 'node-rtmp-client';

/**
 * A stream as it is told on a terminal. What is printed travels further than a page of ours: a name that looks like a
 * stream key gives way to stars.
 */
export const shownStream = (app: string, name: string): string =>
  `${app}/${looksLikeKey(name) ? '***' : name}`;

/** Names come from anybody, and a terminal does what control characters say. */
export const withoutControls = (text: string): string =>
  text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '\uFFFD');
