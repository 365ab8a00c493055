import { join } from 'node:path';
import {
  appError,
  builtInProfileId,
  type AppErrorInfo,
  type BitrateAdaptation,
  type BroadcastSnapshot,
  type DeviceList,
  type Encoding,
  type ServerStreamName,
  type SystemInfo,
} from '@tallylight/contract';
import { toErrorInfo } from './app-error.js';
import { Broadcast } from './broadcast/broadcast.js';
import { NetworkWatch } from './broadcast/network-watch.js';
import { within } from 'node-rtmp-client/async';
import { listDevices } from './devices/devices.js';
import { FfmpegLocator } from './ffmpeg/ffmpeg-locator.js';
import type { Logger } from './logger.js';
import type { DestinationMonitor } from './monitor/destination-monitor.js';
import {
  OutputFactory,
  type LossHandling,
  type OutputSpec,
  type RtmpTrace,
} from './output-factory.js';
import type { Output } from './outputs/output.js';
import type { DestinationTarget } from './outputs/rtmp/rtmp-destination.js';
import { RecordingList } from './recordings/recording-list.js';
import { videosFolder } from './recordings/videos-folder.js';
import { ProgramLoadWatch } from './program/program-load-watch.js';
import { ProfileStore } from './profiles/profile-store.js';
import type { SecretCipher } from './profiles/secret-cipher.js';
import { SettingsStore } from './profiles/settings-store.js';
import { ServerControl } from './server/server-control.js';
import { BroadcastMetrics } from './server/statistics/broadcast-metrics.js';
import { ServerSettingsStore } from './server/server-settings-store.js';
import { WindowStreamInput } from './server/stream-input.js';
import type { FfmpegSourceSpec } from './sources/ffmpeg/capture-plan.js';
import { CopiedFileSource } from './sources/copied-file-source.js';
import { examineListedFile } from './sources/files/examine-listed-file.js';
import { FileList } from './sources/files/file-list.js';
import { FilesSource } from './sources/files/files-source.js';
import { previewFile } from './sources/files/file-preview.js';
import { ReceivedFiles } from './sources/files/received-files.js';
import { createFfmpegSource, type PreviewSink } from './sources/ffmpeg/ffmpeg-source.js';
import type { PreparableSource } from './sources/ffmpeg/restartable-source.js';
import type { MediaSource } from './sources/media-source.js';
import { PlaylistSource, type PlaylistListener } from './sources/playlist/playlist-source.js';
import type { SlateLanguage } from './sources/slate/slate-pictures.js';
import type { Slate } from './sources/slate/slate.js';
import type { StreamFormat } from './sources/stream/stream-format.js';
import type { StreamOrigin } from './sources/stream/stream-origin.js';
import { StreamSource } from './sources/stream/stream-source.js';

/** How long flushing and closing may take, in milliseconds, before the process goes on without it. */
export const closeDeadlineMs = 8000;

export interface EngineOptions {
  /** Where settings, profiles and the key file are. Read when they are first needed. */
  readonly dataDirectory: string;
  /** The application's version. */
  readonly version: string;
  readonly shell: SystemInfo['shell'];
  readonly logger: Logger;
  /** Absent: the system's secret store, else a key file; opened when it is first needed. */
  readonly secretCipher?: SecretCipher;
  /** Where a packaged application keeps its ffmpeg. */
  readonly bundledFfmpegDirectory?: string;
  /** Where a bundled application keeps the built-in server's page. */
  readonly viewerDirectory?: string;
  /** Where the user's videos are; absent: where the system keeps them. */
  readonly videosDirectory?: string;
  /** Told of what was not as it was left, such as a damaged file that was set aside; windows ask `info` for it. */
  readonly onNotice?: (notice: AppErrorInfo) => void;
  /** Where ffmpeg may be named; the process's environment where absent. */
  readonly environment?: NodeJS.ProcessEnv;
  /** The built-in server answers Prometheus on `/metrics`, also of the broadcast that runs. */
  readonly metrics?: boolean;
  /** The ids of processes that belong to the program though they may not descend from this one, such as a window's. */
  readonly otherProcesses?: () => readonly number[];
}

export interface StartBroadcast {
  readonly source: MediaSource;
  readonly encoding: Encoding;
  readonly outputs: readonly OutputSpec[];
  /** Media time after which it stops by itself, in milliseconds. */
  readonly durationMs?: number;
  /** Whom the bitrate of the picture is lowered for where the network is slow; the usual where absent. */
  readonly adaptation?: BitrateAdaptation | undefined;
  /** How its destinations bear a loss. */
  readonly loss?: LossHandling;
  /** Gets each snapshot, from the first on. */
  readonly onSnapshot?: (snapshot: BroadcastSnapshot) => void;
  /** Is told of every RTMP message of its destinations. */
  readonly trace?: RtmpTrace;
  /** Aborted by whoever no longer wants it to start. */
  readonly signal?: AbortSignal;
}

/** How long a picture among films is shown. */
const stillSeconds = 10;

/** Files that are played one after the other. */
export interface Playlist {
  /** Paths, at least one. */
  readonly files: readonly string[];
  /** Send them as they are, without encoding. */
  readonly copy: boolean;
  /** Begin again at the end, for ever. */
  readonly loop: boolean;
}

/**
 * Everything that outlives a window: sources, broadcasts, profiles, the built-in server. One per process. Nothing is
 * read, opened or started before it is needed.
 */
export interface Engine {
  readonly version: string;
  readonly logger: Logger;
  readonly profiles: ProfileStore;
  readonly settings: SettingsStore;
  /** What windows have recorded. */
  readonly recordings: RecordingList;
  /** Where they record to while no folder is chosen. */
  readonly recordingFolder: string;
  readonly ffmpeg: FfmpegLocator;
  /** The built-in server: as it is switched on, or from the first broadcast to its profile on. */
  readonly server: ServerControl;
  /** What others on this computer publish, for whoever sends it on; closed until it is opened. */
  readonly streamInput: WindowStreamInput;
  /** The files that windows have played in place of a camera. */
  readonly files: FileList;
  /** Copies to the end of that list what only a browser can read, `size` bytes. @throws AppError `FILE_NOT_TAKEN` */
  receiveFile(name: string, size: number, bytes: AsyncIterable<Uint8Array>): Promise<void>;
  /** The files of that list as a source, from the first on; the words in the slate of pauses are in `language`. */
  openFiles(encoding: Encoding, language: SlateLanguage, onPreview?: PreviewSink): MediaSource;
  /** A source whose media ffmpeg captures and encodes. */
  openSource(spec: FfmpegSourceSpec, encoding: Encoding, onPreview?: PreviewSink): PreparableSource;
  /** One source of several files. */
  openPlaylist(
    playlist: Playlist,
    encoding: Encoding,
    listener?: PlaylistListener,
  ): PreparableSource;
  /** A stream that others publish, as it is; with a slate while they are away, the words in it in `language`. */
  openStream(origin: StreamOrigin, language: SlateLanguage): PreparableSource;
  /** As {@link openStream}, of one on the built-in server, which stays as it is while a broadcast of it runs. */
  openServerStream(stream: ServerStreamName, language: SlateLanguage): PreparableSource;
  /** Small pictures of a stream, for as long as there is somebody to see them. Resolves once `signal` is aborted. */
  previewStream(origin: StreamOrigin, onPreview: PreviewSink, signal: AbortSignal): Promise<void>;
  /**
   * What pulls back what viewers get of a profile's destination, once it is run.
   *
   * @throws AppError why it cannot be told where that is.
   */
  openMonitor(nameOrId: string, onPicture: PreviewSink): Promise<DestinationMonitor>;
  /**
   * Starts a broadcast; resolves when it runs.
   *
   * @throws AppError why one of the outputs cannot be used; `NOT_BROADCASTING` when `signal` was aborted, or the engine
   *   closed, meanwhile.
   */
  startBroadcast(wanted: StartBroadcast): Promise<Broadcast>;
  /** An output for a broadcast that runs. @throws AppError why it cannot be used. */
  openOutput(spec: OutputSpec, loss?: LossHandling): Promise<Output>;
  /** Where a profile publishes to, with its key; starts the built-in server for its own. @throws AppError */
  openTarget(nameOrId: string): Promise<DestinationTarget>;
  listDevices(): Promise<DeviceList>;
  info(): Promise<SystemInfo>;
  /** Ends broadcasts and the server, within 8 s. Nothing starts any more. */
  close(): Promise<void>;
}

export function createEngine(options: EngineOptions): Engine {
  const { dataDirectory, logger, version, environment, bundledFfmpegDirectory } = options;
  const notices: AppErrorInfo[] = [];
  const onNotice = (notice: AppErrorInfo): void => {
    logger.warn({ notice }, 'something was not as it was left');
    notices.push(notice);
    options.onNotice?.(notice);
  };
  /** With their sources. */
  const running = new Map<Broadcast, MediaSource>();
  const fromOurServer = new WeakSet<MediaSource>();
  const secretCipher = once(async () => {
    if (options.secretCipher) return options.secretCipher;
    // Loaded when a key is needed: most of what it needs, a broadcast to a URL never does.
    const { openSecretCipher } = await import('./profiles/open-secret-cipher.js');
    return openSecretCipher(dataDirectory);
  });
  const serverSettings = once(
    () => new ServerSettingsStore({ dataDirectory, secretCipher, logger, onNotice }),
  );
  const metrics = new BroadcastMetrics(() => [...running.keys()].at(-1)?.snapshot);
  const server = new ServerControl({
    logger,
    viewerDirectory: options.viewerDirectory,
    settings: serverSettings,
    ...(options.metrics === true && { metrics: (help) => metrics.metrics(help) }),
    isUsed: () =>
      [...running].some(
        ([broadcast, source]) => goesIntoOurServer(broadcast) || fromOurServer.has(source),
      ),
  });
  const recordings = once(() => new RecordingList({ dataDirectory, logger, onNotice }));
  const settings = once(() => new SettingsStore({ dataDirectory, onNotice }));
  const profiles = once(
    () => new ProfileStore({ dataDirectory, secretCipher, logger, onNotice, builtIn: server }),
  );
  const ffmpeg = new FfmpegLocator({
    ...(environment && { env: environment }),
    ...(bundledFfmpegDirectory !== undefined && { bundledDirectory: bundledFfmpegDirectory }),
  });
  const streamInput = new WindowStreamInput(logger);
  const files = once(
    () =>
      new FileList(async (path) =>
        examineListedFile(await ffmpeg.find(), path, stillSeconds * 1000),
      ),
  );
  const receivedFiles = once(() => new ReceivedFiles());
  const programLoad = new ProgramLoadWatch({
    read: async () => {
      const { readProcesses } = await import('./program/read-processes.js');
      return readProcesses(options.otherProcesses?.() ?? []);
    },
  });
  const outputs = new OutputFactory({ logger, profiles, server });
  let closed = false;

  const startBroadcast = async (wanted: StartBroadcast): Promise<Broadcast> => {
    const { source, encoding, durationMs, adaptation, onSnapshot, signal } = wanted;
    const broadcast = new Broadcast({
      source,
      encoding,
      outputs: await Promise.all(
        wanted.outputs.map((spec) => outputs.open(spec, wanted.loss, wanted.trace)),
      ),
      ...(durationMs !== undefined && { durationMs }),
      ...(adaptation && { adaptation }),
      programLoad: () => programLoad.load,
      logger,
      version,
    });
    if (closed || signal?.aborted) throw appError('NOT_BROADCASTING');
    if (onSnapshot) broadcast.watch(onSnapshot);
    const network = new NetworkWatch({ onUp: () => broadcast.networkUp() });
    broadcast.watch(network.follow);
    running.set(broadcast, source);
    const endMeasuring = programLoad.begin();
    void broadcast
      .run()
      .catch((error: unknown) => logger.error({ err: error }, 'the broadcast broke'))
      .finally(() => {
        running.delete(broadcast);
        endMeasuring();
      });
    return broadcast;
  };

  const openSource: Engine['openSource'] = (spec, encoding, onPreview) => {
    const byFfmpeg = (): PreparableSource =>
      createFfmpegSource(spec, encoding, { ffmpeg, logger, ...(onPreview && { onPreview }) });
    if (spec.type !== 'file' || !spec.copy) return byFfmpeg();
    return new CopiedFileSource(spec.path, byFfmpeg);
  };

  const openPlaylist: Engine['openPlaylist'] = ({ files, copy, loop }, encoding, listener) =>
    new PlaylistSource({
      ...listener,
      ...{ files, loop },
      open: (path) => openSource({ type: 'file', path, copy, stillSeconds }, encoding),
    });

  const makeSlate =
    (language: SlateLanguage) =>
    async (format: StreamFormat): Promise<Slate | undefined> => {
      try {
        // Loaded when there is a stream: of most broadcasts nobody needs it.
        const { encodeSlate } = await import('./sources/slate/encode-slate.js');
        return await encodeSlate(await ffmpeg.find(), language, format);
      } catch (error) {
        // The stream itself is well: without a slate it pauses while it is away.
        logger.warn({ err: error }, 'there is no slate');
        return undefined;
      }
    };

  const openStream: Engine['openStream'] = (origin, language) =>
    new StreamSource({ origin, makeSlate: makeSlate(language) });

  const openFiles: Engine['openFiles'] = (encoding, language, onPreview) =>
    new FilesSource({
      ...{ list: files(), fps: encoding.fps, makeSlate: makeSlate(language) },
      ...(onPreview && { onPreview }),
      // By ffmpeg also what is FLV and sent as it is, to begin in the middle.
      open: ({ path, copy }, startMs, show) =>
        createFfmpegSource({ type: 'file', path, copy, stillSeconds, startMs }, encoding, {
          ...{ ffmpeg, logger },
          ...(onPreview && !copy && { onPreview: show }),
        }),
      previewCopy: async (file, startMs, show, signal) => {
        try {
          await previewFile(await ffmpeg.find(), file, startMs, show, signal);
        } catch (error) {
          // It is only a picture in a window.
          logger.warn({ err: error }, 'there is no preview of the file');
        }
      },
    });

  const receiveFile: Engine['receiveFile'] = async (name, size, bytes) => {
    files().requireRoom(1);
    files().addOwned(await receivedFiles().receive(name, size, bytes));
  };

  const openServerStream: Engine['openServerStream'] = (stream, language) => {
    const source = openStream(server.stream(stream).origin(), language);
    fromOurServer.add(source);
    return source;
  };

  const preview: Engine['previewStream'] = async (origin, onPreview, signal) => {
    const { previewStream } = await import('./sources/stream/stream-preview.js');
    await previewStream(origin, { ffmpeg, logger, onPreview }, signal);
  };

  const openMonitor: Engine['openMonitor'] = async (nameOrId, onPicture) => {
    const place = await outputs.monitorPlace(nameOrId);
    // Loaded when somebody wants it: it is switched on by hand.
    const { DestinationMonitor } = await import('./monitor/destination-monitor.js');
    return new DestinationMonitor({ place, ffmpeg, logger, onPicture });
  };

  const info = async (): Promise<SystemInfo> => {
    // What is corrupt is told before anybody works with it.
    settings().get();
    await profiles().list();
    const { protection } = await secretCipher();
    return {
      version,
      shell: options.shell,
      platform: process.platform,
      ffmpeg: await describeFfmpeg(ffmpeg),
      secrets: protection,
      notices,
    };
  };

  const close = async (): Promise<void> => {
    closed = true;
    const end = async (): Promise<void> => {
      await Promise.all([...running.keys()].map((broadcast) => broadcast.stop()));
      await Promise.all([
        ...[server.close(), streamInput.close(), receivedFiles().close()],
        recordings().close(),
      ]);
    };
    if ((await within(end(), closeDeadlineMs)) === 'late') {
      logger.warn('the engine did not close in time');
    }
  };

  return {
    version,
    logger,
    get profiles() {
      return profiles();
    },
    get settings() {
      return settings();
    },
    get recordings() {
      return recordings();
    },
    recordingFolder: join(options.videosDirectory ?? videosFolder(), 'Tallylight'),
    ffmpeg,
    server,
    streamInput,
    get files() {
      return files();
    },
    receiveFile,
    openFiles,
    openSource,
    openPlaylist,
    openStream,
    openServerStream,
    previewStream: preview,
    openMonitor,
    startBroadcast,
    openOutput: (spec, loss) => outputs.open(spec, loss),
    openTarget: (nameOrId) => outputs.target(nameOrId),
    listDevices: async () => listDevices(await ffmpeg.find()),
    info,
    close,
  };
}

const goesIntoOurServer = ({ snapshot: { outputs } }: Broadcast): boolean =>
  outputs.some(
    ({ id, state }) => id === builtInProfileId && state !== 'failed' && state !== 'stopped',
  );

/** Makes a thing when it is first asked for. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

async function describeFfmpeg(locator: FfmpegLocator): Promise<SystemInfo['ffmpeg']> {
  try {
    const { origin, version } = await locator.find();
    return { found: true, origin, version };
  } catch (error) {
    return { found: false, error: toErrorInfo(error) };
  }
}
