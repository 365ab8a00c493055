import {
  appError,
  type BitrateAdaptation,
  bitrateAdaptationSchema,
  type Encoding,
  encodingSchema,
  reason,
  type Reason,
} from '@tallylight/contract';
import type { FfmpegSourceSpec, LossHandling, RecordingSplit } from '@tallylight/engine';
import type { DestinationOptions } from '../../destinations.js';
import { assertFileName } from '../../file-name.js';
import {
  formatBitrate,
  parseBitrate,
  parseFps,
  parseHold,
  parsePort,
  parseReconnectTime,
  parseReplaySeconds,
  parseSeconds,
  parseSize,
  parseSource,
  parseSplit,
  type SourceOption,
} from '../../option-values.js';

/** The options of `publish` as commander gives them. */
export interface RawPublishOptions extends DestinationOptions {
  readonly source?: readonly string[];
  readonly listen?: string;
  readonly publishKey?: string;
  readonly publishKeyEnv?: string;
  readonly duration?: string;
  readonly size: string;
  readonly fps: string;
  readonly videoBitrate: string;
  readonly adaptBitrate?: string;
  readonly audioBitrate: string;
  readonly encoder?: string;
  readonly keyframeInterval: string;
  readonly copy?: boolean;
  readonly loop?: boolean;
  readonly reconnectFor?: string;
  readonly hold?: string;
  readonly record?: string;
  readonly recordSplit?: string;
  readonly replay?: string;
  readonly metrics?: string;
  readonly trace?: string;
  readonly control?: boolean;
  readonly events?: boolean;
  readonly json?: boolean;
  /** Whether an option was typed, by its name in camel case; else it has its default. */
  readonly isGiven?: (name: string) => boolean;
}

/** Files that are played one after the other, some of them named in playlists. */
interface FilesInOrder {
  readonly type: 'files';
  readonly entries: readonly FileEntry[];
  readonly copy: boolean;
  readonly loop: boolean;
}

type FileEntry = SourceOption & { readonly type: 'file' | 'playlist' };

/** A stream that others publish, here or elsewhere. */
export type StreamOption = SourceOption & { readonly type: 'stream' | 'pulled-stream' };

export interface PublishOptions {
  readonly source: FfmpegSourceSpec | FilesInOrder | StreamOption;
  readonly encoding: Encoding;
  /** The usual where absent. */
  readonly adaptation?: BitrateAdaptation;
  /** Milliseconds. */
  readonly durationMs?: number;
  /** How its destinations bear a loss. */
  readonly loss: LossHandling;
  readonly recordTo?: string;
  readonly split?: RecordingSplit;
  readonly replaySeconds?: number;
  /** Where Prometheus is answered; 0: a free port. */
  readonly metricsPort?: number;
  readonly traceTo?: string;
  /** Whether lines on stdin change it while it runs. */
  readonly isControlled?: boolean;
  /** Everything that happens has a line. */
  readonly tellsEvents?: boolean;
}

/** @throws AppError `INVALID_OPTION` with a reason that names the option. */
export function parsePublishOptions(raw: RawPublishOptions): PublishOptions {
  if (raw.record !== undefined) assertFileName('--record', raw.record, 'not-a-recording');
  return {
    source: parseSourceSpec(raw),
    encoding: parseEncoding(raw),
    ...(raw.adaptBitrate !== undefined && { adaptation: parseAdaptation(raw.adaptBitrate) }),
    loss: {
      ...parseReconnectTime('--reconnect-for', raw.reconnectFor ?? 'forever'),
      ...(raw.hold !== undefined && { heldMs: parseHold('--hold', raw.hold) }),
    },
    ...(raw.duration !== undefined && { durationMs: parseSeconds('--duration', raw.duration) }),
    ...(raw.record !== undefined && { recordTo: raw.record }),
    ...parseKept(raw),
    ...(raw.metrics !== undefined && { metricsPort: parsePort('--metrics', raw.metrics) }),
    ...(raw.trace !== undefined && { traceTo: raw.trace }),
    ...(raw.control === true && { isControlled: true }),
    ...parseEvents(raw),
  };
}

/** How a recording is divided, and what is held to be saved. @throws AppError */
const onlyWith = (option: string, other: string): Error =>
  appError('INVALID_OPTION', { reason: reason('only-with-option', { option, other }) });

function parseEvents({ events, json }: RawPublishOptions) {
  if (events !== true) return {};
  if (json !== true) throw onlyWith('--events', '--json');
  return { tellsEvents: true };
}

function parseKept({ record, recordSplit, replay, control }: RawPublishOptions) {
  if (recordSplit !== undefined && record === undefined && control !== true)
    throw onlyWith('--record-split', '--record');
  if (replay !== undefined && control !== true) throw onlyWith('--replay', '--control');
  return {
    ...(recordSplit !== undefined && { split: parseSplit('--record-split', recordSplit) }),
    ...(replay !== undefined && { replaySeconds: parseReplaySeconds('--replay', replay) }),
  };
}

function parseSourceSpec(raw: RawPublishOptions): PublishOptions['source'] {
  const [source, ...others] = (raw.source ?? []).map(parseSource);
  // Not by the parser, which would say so before it names an option that there is not.
  if (source === undefined) throw missing('--source');
  if (source.type !== 'stream') refuseListening(raw);
  const entries = [source, ...others].filter(isFileEntry);
  if (entries.length > others.length) {
    const [copy, loop] = [raw.copy === true, raw.loop === true];
    if (copy) refuseEncoding(raw, 'not-with-copy');
    const isAlone = source.type === 'file' && others.length === 0;
    // One encoder goes on from the end of a file to its beginning; what is copied is joined like different files.
    if (isAlone && copy && !loop) return { type: 'file', path: source.path, copy };
    if (isAlone && !copy) return { type: 'file', path: source.path, copy, loop };
    return { type: 'files', entries, copy, loop };
  }
  if (others.length > 0) {
    throw appError('INVALID_OPTION', { reason: reason('only-files-in-order') });
  }
  if (source.type === 'file' || source.type === 'playlist') throw missing('--source');
  if (raw.copy === true) throw onlyWithFile('--copy');
  if (raw.loop === true) throw onlyWithFile('--loop');
  if (source.type === 'stream' || source.type === 'pulled-stream') {
    refuseEncoding(raw, 'not-with-stream');
    return source;
  }
  if (source.type === 'test') {
    return { type: 'capture', video: { type: 'test' }, audio: { type: 'test' } };
  }
  const { id, microphoneId } = source;
  return {
    type: 'capture',
    video: { type: 'camera', id },
    audio: microphoneId === undefined ? { type: 'none' } : { type: 'microphone', id: microphoneId },
  };
}

const isFileEntry = (source: SourceOption): source is FileEntry =>
  source.type === 'file' || source.type === 'playlist';

/** What is sent as it is has the size and rate that it has. @throws AppError */
function refuseEncoding(
  { isGiven }: RawPublishOptions,
  why: 'not-with-copy' | 'not-with-stream',
): void {
  const [, option] = Object.entries(optionNames).find(([name]) => isGiven?.(name)) ?? [];
  if (option === undefined) return;
  throw appError('INVALID_OPTION', { reason: reason(why, { option }) });
}

/** Only what others are to publish to has an address and a key. @throws AppError */
function refuseListening({ listen, publishKey, publishKeyEnv }: RawPublishOptions): void {
  const given = {
    ...{ '--listen': listen, '--publish-key': publishKey, '--publish-key-env': publishKeyEnv },
  };
  const [option] = Object.entries(given).find(([, value]) => value !== undefined) ?? [];
  if (option === undefined) return;
  throw appError('INVALID_OPTION', { reason: reason('only-with-stream', { option }) });
}

const missing = (option: string): Error =>
  appError('INVALID_OPTION', { reason: reason('missing-option', { text: option }) });

const onlyWithFile = (option: string): Error =>
  appError('INVALID_OPTION', { reason: reason('only-with-file', { option }) });

function parseAdaptation(text: string): BitrateAdaptation {
  const parsed = bitrateAdaptationSchema.safeParse(text);
  if (parsed.success) return parsed.data;
  const { options } = bitrateAdaptationSchema;
  throw appError('INVALID_OPTION', {
    reason: reason('not-one-of', { option: '--adapt-bitrate', text, values: options.join(', ') }),
  });
}

function parseEncoding(raw: RawPublishOptions): Encoding {
  const parsed = encodingSchema.safeParse({
    ...parseSize('--size', raw.size),
    fps: parseFps('--fps', raw.fps),
    videoBitrate: parseBitrate('--video-bitrate', raw.videoBitrate),
    audioBitrate: parseBitrate('--audio-bitrate', raw.audioBitrate),
    keyframeInterval: parseSeconds('--keyframe-interval', raw.keyframeInterval) / 1000,
    ...(raw.encoder !== undefined && { encoder: raw.encoder }),
  });
  if (parsed.success) return parsed.data;
  // Of a size that is too big and odd, the first is what counts.
  const { issues } = parsed.error;
  const issue = issues.find(({ code }) => code !== 'not_multiple_of') ?? issues[0];
  throw appError('INVALID_OPTION', { reason: outOfRange(String(issue?.path[0]), issue, raw) });
}

type Issue = NonNullable<ReturnType<typeof encodingSchema.safeParse>['error']>['issues'][number];

function outOfRange(field: string, issue: Issue | undefined, { size }: RawPublishOptions): Reason {
  const option = optionNames[field] ?? '';
  const limit = (value: number): number | string => (isRate(field) ? formatBitrate(value) : value);
  switch (issue?.code) {
    case 'too_small': {
      const minimum = limit(Number(issue.minimum));
      return isSide(field)
        ? reason('side-too-small', { option, side: reason(field), minimum })
        : reason('too-small', { option, minimum });
    }
    case 'too_big': {
      const maximum = limit(Number(issue.maximum));
      return isSide(field)
        ? reason('side-too-big', { option, side: reason(field), maximum })
        : reason('too-big', { option, maximum });
    }
    case 'not_multiple_of':
      return reason('size-odd', { option, text: size });
    default:
      return reason('out-of-range', { option });
  }
}

const isRate = (field: string): boolean => field.endsWith('Bitrate');
const isSide = (field: string): field is 'width' | 'height' =>
  field === 'width' || field === 'height';

const optionNames: Record<string, string> = {
  size: '--size',
  width: '--size',
  height: '--size',
  fps: '--fps',
  videoBitrate: '--video-bitrate',
  adaptBitrate: '--adapt-bitrate',
  audioBitrate: '--audio-bitrate',
  keyframeInterval: '--keyframe-interval',
  encoder: '--encoder',
};
