import {
  AudioSampleSink,
  EncodedPacketSink,
  Input,
  MatroskaInputFormat,
  ReadableStreamSource,
  WebMInputFormat,
  type InputAudioTrack,
  type InputVideoTrack,
} from 'mediabunny';
import { AppError, appError, reason, type MediaChannelReader } from '@tallylight/contract';
import type { EncodedPacket, VideoPacket } from 'node-rtmp-client';
import { Notifier } from 'node-rtmp-client/async';
import { encodeAac } from './aac-track.js';
import { AnnexBStream } from './annex-b-stream.js';
import { bufferBytes } from '../buffer-bytes.js';
import type { WindowEvents, WindowSourceOptions } from './window-source-options.js';
import { paceFrames } from './pace-frames.js';
import { TrackMerger } from './track-merger.js';

/** Bytes of the file that stay readable while the tracks are read side by side: some seconds. */
const cacheBytes = 16 * 1024 * 1024;

/** Reads the Matroska file that MediaRecorder writes while it grows. */
export async function* readMatroskaPackets(
  channel: MediaChannelReader,
  options: WindowSourceOptions,
  events: WindowEvents,
  signal: AbortSignal,
): AsyncGenerator<EncodedPacket, void, undefined> {
  const ended = new AbortController();
  const over = AbortSignal.any([signal, ended.signal]);
  const failure: { error?: AppError } = {};
  const stream = new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        try {
          const payload = await nextChunk(channel, events, over);
          if (payload) controller.enqueue(payload);
          else controller.close();
        } catch (error) {
          if (error instanceof AppError) failure.error = error;
          controller.error(error);
        }
      },
    },
    { highWaterMark: 0 },
  );
  const input = new Input({
    source: new ReadableStreamSource(stream, {
      maxCacheSize: cacheBytes,
      // The next read says the same.
      handleUnhandledError: () => undefined,
    }),
    formats: [new MatroskaInputFormat(), new WebMInputFormat()],
  });
  try {
    yield* readTracks(input, options, signal);
    if (failure.error) throw failure.error;
  } catch (error) {
    if (signal.aborted) return;
    if (failure.error) throw failure.error;
    if (error instanceof AppError) throw error;
    const detail = error instanceof Error ? error.message : String(error);
    const why = reason('recording-unreadable', { detail });
    throw appError('CAPTURE_FAILED', { reason: why }, { phase: 'encoder', cause: error });
  } finally {
    ended.abort();
    input.dispose();
  }
}

async function nextChunk(
  channel: MediaChannelReader,
  { onAccount }: WindowEvents,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  for (;;) {
    const message = await channel.read(signal);
    if (!message) {
      if (signal.aborted) return undefined;
      throw appError('WINDOW_GONE');
    }
    switch (message.type) {
      case 'container':
        if (message.payload.byteLength === 0) continue;
        return message.payload;
      case 'end':
        return undefined;
      case 'account':
        onAccount(message.account);
        break;
      case 'begin':
      case 'config':
      case 'frame': {
        const why = reason('frames-for-recording');
        throw appError('CAPTURE_FAILED', { reason: why }, { phase: 'encoder' });
      }
    }
  }
}

async function* readTracks(
  input: Input,
  { hasAudio, encoding }: WindowSourceOptions,
  signal: AbortSignal,
): AsyncGenerator<EncodedPacket, void, undefined> {
  const video = await input.getPrimaryVideoTrack();
  if (signal.aborted) return;
  if (!video) {
    throw appError(
      'CAPTURE_FAILED',
      { reason: reason('recorded-no-picture') },
      { phase: 'camera' },
    );
  }
  const audio = hasAudio ? await input.getPrimaryAudioTrack() : null;
  const tracks = {
    video: paceFrames(readVideo(video), encoding.fps),
    ...(audio && { audio: readAudio(audio, encoding.audioBitrate) }),
  };
  yield* merge(tracks);
}

type Track = EncodedPacket['track'];
type TrackIterator = AsyncGenerator<EncodedPacket, void, undefined>;

/** Reads all tracks at the same time: each waits for its own packets, which lie apart in the file. */
async function* merge(tracks: Partial<Record<Track, TrackIterator>>): TrackIterator {
  const iterators = new Map(Object.entries(tracks) as [Track, TrackIterator][]);
  const merger = new TrackMerger([...iterators.keys()]);
  // Not a race again and again: a track that is silent for long would keep every packet that it lost to.
  const answers: Answer[] = [];
  const answered = new Notifier();
  const ask = (track: Track, iterator: TrackIterator): void => {
    const take = (answer: Answer): void => {
      answers.push(answer);
      answered.notify();
    };
    iterator.next().then(
      (result) => take({ track, iterator, result }),
      (error: unknown) => take({ track, iterator, error }),
    );
  };
  for (const [track, iterator] of iterators) ask(track, iterator);
  try {
    for (let open = iterators.size; open > 0;) {
      while (answers.length === 0) await answered.wait();
      const answer = answers.shift();
      if (answer === undefined) continue;
      const { track, iterator, result } = answer;
      if (result === undefined) throw answer.error;
      if (result.done) {
        open -= 1;
        yield* merger.end(track);
      } else {
        ask(track, iterator);
        yield* merger.push(result.value);
      }
    }
  } finally {
    // Whoever still waits for the file ends when it is closed, which comes next.
    for (const iterator of iterators.values()) void iterator.return().catch(() => undefined);
  }
}

interface Answer {
  readonly track: Track;
  readonly iterator: TrackIterator;
  /** Absent: it failed. */
  readonly result?: IteratorResult<EncodedPacket, void>;
  readonly error?: unknown;
}

async function* readVideo(track: InputVideoTrack): AsyncGenerator<VideoPacket, void, undefined> {
  const codec = await track.getCodec();
  if (codec !== 'avc') throw unsupported('picture-not-sendable', codec);
  const description = bufferBytes((await track.getDecoderConfig())?.description);
  const annexB = new AnnexBStream();
  let isConfigured = false;
  for await (const packet of new EncodedPacketSink(track).packets()) {
    const at = Math.round(packet.timestamp * 1e6);
    // Chromium's encoders do not reorder frames, and Matroska has presentation times only.
    const common = { track: 'video', codec: 'h264', pts: at, dts: at } as const;
    const { config, payload } = description
      ? { payload: packet.data, ...(!isConfigured && { config: description }) }
      : annexB.convert(packet.data);
    if (config) {
      isConfigured = true;
      yield { ...common, type: 'config', keyframe: true, payload: config };
    }
    // Nothing can be decoded before the first configuration.
    if (!isConfigured || payload.byteLength === 0) continue;
    yield { ...common, type: 'frame', keyframe: packet.type === 'key', payload };
  }
}

async function* readAudio(track: InputAudioTrack, bitrate: number): TrackIterator {
  const codec = await track.getCodec();
  if (!codec?.startsWith('pcm-')) throw unsupported('sound-not-sendable', codec);
  yield* encodeAac(new AudioSampleSink(track).samples(), bitrate);
}

function unsupported(
  code: 'picture-not-sendable' | 'sound-not-sendable',
  codec: string | null,
): AppError {
  const why = reason(code, codec === null ? {} : { codec });
  return appError('CAPTURE_FAILED', { reason: why }, { phase: 'encoder' });
}
