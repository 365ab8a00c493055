import { appError, reason, type ErrorCode, type Reason } from '@tallylight/contract';
import { toErrorInfo } from '../../app-error.js';
import type { PreparableSource } from '../ffmpeg/restartable-source.js';

/** What is known of the files of a playlist before the first is on. */
export interface ExaminedFiles {
  readonly hasAudio: boolean;
  readonly hasVideo: boolean;
  /** Whether silence goes where a file has no sound: others have some, in the one format that silence is known in. */
  readonly fillsSilence: boolean;
  readonly notes: readonly Reason[];
  /** The first that can be sent. */
  readonly first: PreparableSource;
  /** Why files cannot be sent, in the order of the list. */
  readonly failures: readonly unknown[];
  /** The source of a file, once; undefined afterwards, and where the file cannot be sent. */
  take(index: number): PreparableSource | undefined;
}

interface Usable {
  readonly file: string;
  readonly index: number;
  readonly source: PreparableSource;
}

/** As many at a time: each may be a program that reads a file. */
const atOnce = 4;

/** What is wrong with one file alone, without which the show goes on. */
const ofOneFile = new Set<ErrorCode>(['FILE_UNREADABLE', 'NO_VIDEO']);

/** @throws AppError as {@link PreparableSource.prepare} does, where no file can be sent or one spoils the list. */
export async function examineFiles(
  files: readonly string[],
  open: (path: string) => PreparableSource,
): Promise<ExaminedFiles> {
  const results: (Usable | { readonly error: unknown })[] = [];
  const waiting = [...files.entries()];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [index, file] = next;
      const source = open(file);
      try {
        await source.prepare();
        results[index] = { file, index, source };
      } catch (error) {
        if (!ofOneFile.has(toErrorInfo(error).code)) throw error;
        results[index] = { error };
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  const usable = results.filter((result) => 'source' in result);
  const failures = results.flatMap((result) => ('error' in result ? [result.error] : []));
  const [first] = usable;
  if (!first) throw failures[0];
  requireAlike(usable);
  const sources = new Map(usable.map(({ index, source }) => [index, source]));
  const hasAudio = usable.some(({ source }) => source.hasAudio);
  const audioCodec = usable.find(({ source }) => source.hasAudio)?.source.measured?.audioCodec;
  return {
    hasAudio,
    hasVideo: first.source.hasVideo ?? true,
    fillsSilence: hasAudio && (audioCodec ?? 'aac') === 'aac',
    notes: usable.flatMap((each) => notesOf(each, files.length)),
    first: first.source,
    failures,
    take: (index) => {
      const source = sources.get(index);
      sources.delete(index);
      return source;
    },
  };
}

/** Nobody can be told in the middle of a stream that its codec is another, or that there is a picture after all. */
function requireAlike(files: readonly Usable[]): void {
  const hasVideo = ({ source }: Usable): boolean => source.hasVideo ?? true;
  const soundOnly = files.find((each) => !hasVideo(each));
  if (soundOnly && files.some(hasVideo)) {
    throw appError('NO_VIDEO', { file: soundOnly.file }, { phase: 'camera' });
  }
  for (const track of ['videoCodec', 'audioCodec'] as const) {
    const [first, ...others] = files.flatMap(({ file, source }) => {
      const codec = source.measured?.[track];
      return codec === undefined ? [] : [{ file, codec }];
    });
    const other = others.find(({ codec }) => codec !== first?.codec);
    if (!first || !other) continue;
    const why = { codec: other.codec, first: first.file, other: first.codec };
    const data = { file: other.file, reason: reason('other-codec', why) };
    throw appError('FILE_NOT_COPYABLE', data, { phase: 'camera' });
  }
}

/** Where there are several, a note says which it is about. */
const notesOf = ({ file, source }: Usable, count: number): Reason[] =>
  (source.status.notes ?? []).map((note) => (count > 1 ? reason('of-file', { file, note }) : note));
