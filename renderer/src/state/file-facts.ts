import type { FileListState, ListedFile } from '@tallylight/contract';
import type { WindowMessages } from '@tallylight/messages/window';
import { resolutionLabel } from './encoding-choices.js';
import { formatBytes, formatShortClock } from './number-format.js';

/** What is known of a file, in one line: `0:12 · 1280×720 · H264, AAC · 4.2 MB · encoded`. */
export function fileFacts(file: ListedFile, copy: boolean, messages: WindowMessages): string {
  const { t } = messages;
  const { durationMs, width, height, videoCodec, audioCodec, size, canCopy, error } = file;
  if (videoCodec === undefined) return error ? '' : t('window.files.examining');
  const codecs = [videoCodec, ...(audioCodec === undefined ? [] : [audioCodec])];
  return [
    ...(durationMs === undefined ? [] : [formatShortClock(durationMs)]),
    ...(width === undefined || height === undefined ? [] : [resolutionLabel(width, height)]),
    codecs.map(nameOf).join(', '),
    ...(size === undefined ? [] : [formatBytes(size, messages)]),
    t(copy && canCopy === true ? 'window.files.asItIs' : 'window.files.encoded'),
  ].join(' · ');
}

/** What goes out of the file that is on where it is sent as it is; `undefined` where it is encoded, or none is on. */
export function copiedFormat(
  { files, playback }: FileListState,
  { t }: Pick<WindowMessages, 't'>,
): string | undefined {
  if (playback?.isCopied !== true) return undefined;
  const { width, height, fps } = files.find(({ id }) => id === playback.id) ?? {};
  if (width === undefined || height === undefined) return t('window.picture.fileAsItIs');
  const size = resolutionLabel(width, height);
  return fps === undefined
    ? t('window.picture.sizeAsItIs', { size })
    : t('window.picture.formatAsItIs', { size, fps });
}

/** As their makers write them, where that is not all in capitals. */
const codecNames: Readonly<Record<string, string>> = {
  h264: 'H.264',
  opus: 'Opus',
  vorbis: 'Vorbis',
};

const nameOf = (codec: string): string => codecNames[codec] ?? codec.toUpperCase();
