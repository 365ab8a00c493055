import {
  appError,
  reason,
  type MediaChannelReader,
  type StartInput,
  type StreamChoice,
} from '@tallylight/contract';
import { within } from 'node-rtmp-client/async';
import { closeDeadlineMs, type Engine } from '../engine.js';
import type { LossHandling } from '../output-factory.js';
import type { StreamInputFace } from '../server/stream-input.js';
import type { MediaSource } from '../sources/media-source.js';
import { createWindowSource } from '../sources/window/window-source.js';
import { InputPreview } from './input-preview.js';
import { latest } from './latest.js';
import { createRouter, type EngineContext, type EngineRouter } from './router.js';
import { serveWindow, type WindowPorts } from './serve-window.js';
import { WindowBroadcast } from './window-broadcast.js';
import { WindowCheck } from './window-check.js';
import { WindowMonitor } from './window-monitor.js';
import { WindowRecordings, type ShowInFolder } from './window-recordings.js';

/** What the windows of a process get of its engine. */
export interface WindowService {
  /** The contract's procedures; their context is the connection's media channel. */
  readonly router: EngineRouter;
  /** Answers a window until one of its ports closes. Returns the context of its calls. */
  serve(ports: WindowPorts): EngineContext;
  /** Copies a file of a browser to the end of the list of files. @throws AppError `FILE_NOT_TAKEN`, `FILE_LIST_FULL` */
  receiveFile(name: string, size: number, bytes: AsyncIterable<Uint8Array>): Promise<void>;
  /** Ends the windows' broadcast, so that they see how it ends, and then their calls, within 8 s. The engine may be closed meanwhile. */
  close(): Promise<void>;
}

/** What a shell can do for its windows. */
export interface WindowServiceOptions {
  readonly showInFolder?: ShowInFolder | undefined;
}

/** Answers windows over their two ports. One per engine. */
export function createWindowService(
  engine: Engine,
  { showInFolder }: WindowServiceOptions = {},
): WindowService {
  const { logger } = engine;
  /** The one window that is shown what ffmpeg captures. */
  let preview: MediaChannelReader | undefined;
  /** The files that are on, or were last. */
  let playing: MediaSource | undefined;

  const showPreview = (jpeg: Uint8Array, peakDb: number): void => {
    preview?.sendPreview(jpeg, peakDb);
  };
  const streamOf = ({ from }: StreamChoice): StreamInputFace =>
    from ? engine.server.stream(from) : engine.streamInput;
  const inputPreview = new InputPreview((choice: StreamChoice, signal) =>
    engine
      .previewStream(streamOf(choice).origin(), showPreview, signal)
      .catch((error: unknown) => logger.error({ err: error }, 'there is no preview of the stream')),
  );

  /** The one that is sent on, or was last. */
  let sent: StreamInputFace = engine.streamInput;

  /** While nobody publishes, the slate would be what comes in. @throws AppError */
  const refuseCircle = async (profile: string): Promise<void> => {
    const { address, streamKey, name } = await engine.openTarget(profile);
    if (!sent.isAt(address, streamKey)) return;
    throw appError('INVALID_OPTION', {
      reason: reason('destination-is-source', { destination: name }),
    });
  };

  const openSource = async (
    { source, encoding, profileIds }: StartInput,
    channel: MediaChannelReader,
    onOpen: () => void,
  ): Promise<MediaSource> => {
    if (source.type === 'stream') {
      preview = channel;
      sent = streamOf(source);
      await sent.open();
      await Promise.all(profileIds.map(refuseCircle));
      const { from, slateLanguage } = source;
      return from
        ? engine.openServerStream(from, slateLanguage)
        : engine.openStream(sent.origin(), slateLanguage);
    }
    if (source.type === 'files') {
      preview = channel;
      if (engine.files.length === 0) throw appError('FILE_LIST_EMPTY', {}, { phase: 'camera' });
      playing = engine.openFiles(encoding, source.slateLanguage, showPreview);
      return playing;
    }
    if (source.type === 'renderer') {
      const { format, hasAudio, name, captureId } = source;
      return createWindowSource(channel, { format, hasAudio, name, captureId, encoding, onOpen });
    }
    preview = channel;
    return engine.openSource(
      { type: 'capture', video: source.video, audio: source.audio },
      encoding,
      showPreview,
    );
  };

  const lossHandling = (): LossHandling => {
    const { reconnectSeconds, holdSeconds } = engine.settings.get();
    return {
      ...(typeof reconnectSeconds === 'number' && { reconnectLimitMs: 1_000 * reconnectSeconds }),
      ...(holdSeconds !== undefined && { heldMs: 1_000 * holdSeconds }),
    };
  };

  const closing = new AbortController();
  const recordings = new WindowRecordings({
    list: engine.recordings,
    settings: engine.settings,
    ownFolder: engine.recordingFolder,
    nameOf: async (id) => (await engine.profiles.list()).find((each) => each.id === id)?.name,
    showInFolder,
  });
  const refuseCircleOnAir = async (id: string): Promise<void> => {
    if (broadcast.snapshot.capturedBy !== 'stream') return;
    const isProfile = (await engine.profiles.list()).some((profile) => profile.id === id);
    if (isProfile) await refuseCircle(id);
  };
  const broadcast = new WindowBroadcast({
    logger,
    openSource,
    startBroadcast: (wanted) => engine.startBroadcast({ ...wanted, loss: lossHandling() }),
    openOutput: async (spec) => {
      if (spec.type === 'profile') await refuseCircleOnAir(spec.profile);
      return engine.openOutput(spec, lossHandling());
    },
    recordings,
  });
  const monitor = new WindowMonitor({
    logger,
    snapshot: () => broadcast.snapshot,
    onChange: (listener) => broadcast.onChange(listener),
    openMonitor: (outputId, onPicture) => engine.openMonitor(outputId, onPicture),
  });
  const check = new WindowCheck({
    logger,
    snapshot: () => broadcast.snapshot,
    openTarget: (id) => engine.openTarget(id),
  });
  const router = createRouter({
    logger,
    settings: engine.settings,
    profiles: engine.profiles,
    server: engine.server,
    broadcast,
    recordings,
    info: () => engine.info(),
    listDevices: () => engine.listDevices(),
    openStreamInput: () => engine.streamInput.open(),
    watchStreamInput: (choice, signal) => {
      const stream = streamOf(choice);
      return inputPreview.during(
        choice,
        latest(
          () => stream.state,
          (onChange) => stream.onChange(onChange),
          signal,
        ),
      );
    },
    refuseCircle: refuseCircleOnAir,
    files: engine.files,
    playback: () => {
      const playback = playing?.control?.playback;
      if (!playback) throw appError('NOT_PLAYING');
      return playback;
    },
    watchMonitor: (outputId, channel, signal) => monitor.watch(outputId, channel, signal),
    watchCheck: (input, signal) => check.watch(input, signal),
    showPreview: (channel) => (preview = channel),
    closing: closing.signal,
  });
  // What the windows have switched on is on again when they are.
  engine.server.resume().catch((error: unknown) => {
    logger.error({ err: error }, 'the built-in server was not switched on again');
  });
  return {
    router,
    serve: (ports) => serveWindow(router, ports, logger),
    receiveFile: (name, size, bytes) => engine.receiveFile(name, size, bytes),
    close: async () => {
      if ((await within(broadcast.close(), closeDeadlineMs)) === 'late') {
        logger.warn('the broadcast did not end in time');
      }
      closing.abort();
    },
  };
}
