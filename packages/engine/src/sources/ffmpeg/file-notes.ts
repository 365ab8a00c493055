import { reason, type Reason } from '@tallylight/contract';
import type { ExaminedFile } from './examine-file.js';
import { isHdr, isPlainFormat, type FileStreams } from './file-streams.js';

/** What viewers of a file that is sent as it is may not see as its owner does. */
export function notesOfCopy(streams: ExaminedFile): Reason[] {
  const { video } = streams;
  return [
    ...notesOfOthers(streams),
    ...(video.rotation === 0
      ? []
      : [reason('copied-unturned', { degrees: Math.abs(video.rotation) })]),
    ...(isPlainFormat(video)
      ? []
      : [reason('copied-unusual-format', { format: video.pixelFormat ?? '' })]),
  ];
}

/** @param mapsTones whether a picture of high dynamic range is made one of the usual range. */
export function notesOfEncoding(streams: ExaminedFile, mapsTones: boolean): Reason[] {
  const hdr = isHdr(streams.video) ? [reason(mapsTones ? 'hdr-mapped' : 'hdr-not-mapped')] : [];
  return [...notesOfOthers(streams), ...hdr];
}

const notesOfOthers = ({ otherVideos, otherAudios }: FileStreams): Reason[] => [
  ...(otherVideos === 0 ? [] : [reason('other-pictures', { number: otherVideos })]),
  ...(otherAudios === 0 ? [] : [reason('other-sounds', { number: otherAudios })]),
];
