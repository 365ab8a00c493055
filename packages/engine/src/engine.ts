import type {
  AppErrorInfo,
  MediaChannelReader,
  StartInput,
  SystemInfo,
} from '@tallylight/contract';
import { toErrorInfo } from './app-error.js';
import { Broadcast } from './broadcast/broadcast.js';
import type { DestinationTarget } from './outputs/rtmp/destination.js';
import { listDevices } from './devices/devices.js';
import { FfmpegLocator } from './ffmpeg/ffmpeg-locator.js';
import { createFfmpegSource } from './sources/ffmpeg/ffmpeg-source.js';
import type { MediaSource } from './sources/media-source.js';
import { createWindowSource } from './sources/window/window-source.js';
import { OnDemandServer } from './server/on-demand-server.js';
import type { Logger } from './logger.js';
import { openSecretBox } from './profiles/open-secret-box.js';
import { ProfileStore } from './profiles/profile-store.js';
import type { SecretBox } from './profiles/secret-box.js';
import { SettingsStore } from './profiles/settings-store.js';
import { createRouter, type EngineContext, type EngineRouter } from './window/router.js';
import { serveWindow, type WindowPorts } from './window/serve-window.js';
import { WindowBroadcast } from './window/window-broadcast.js';
import { within } from './deadline.js';

/** How long flushing and closing may take before the process goes on without it. */
const closeDeadlineMs = 8000;

export interface EngineOptions {
  /** Where settings, profiles and the key file are. */
  readonly dataDirectory: string;
  /** The application's version. */
  readonly version: string;
  readonly shell: SystemInfo['shell'];
  readonly logger: Logger;
  /** Absent: the system's secret store, else a key file. */
  readonly secretBox?: SecretBox;
  /** Where a packaged application keeps its ffmpeg. */
  readonly bundledFfmpegDirectory?: string;
  /** Where a bundled application keeps the built-in server's page. */
  readonly viewerDirectory?: string;
}

/** Everything behind the contract. One per process. */
export interface Engine {
  /** The contract's procedures; their context is the connection's media channel. */
  readonly router: EngineRouter;
  /** Answers a window until one of its ports closes. Returns the context of its calls. */
  serve(ports: WindowPorts): EngineContext;
  readonly profiles: ProfileStore;
  readonly settings: SettingsStore;
  readonly ffmpeg: FfmpegLocator;
  /** The built-in server, which runs from the first use of its profile. */
  readonly server: OnDemandServer;
  /** Everything that a broadcast needs to know of a profile. Throws as {@link ProfileStore.target} does. */
  destination(nameOrId: string): Promise<DestinationTarget>;
  /** Ends the broadcast, the watchers and the server, within 8 s. */
  close(): Promise<void>;
}

export async function createEngine(options: EngineOptions): Promise<Engine> {
  const { dataDirectory, logger, bundledFfmpegDirectory } = options;
  const notices: AppErrorInfo[] = [];
  const onNotice = (notice: AppErrorInfo): void => {
    logger.warn({ code: notice.code }, notice.message);
    notices.push(notice);
  };
  const secretBox = options.secretBox ?? (await openSecretBox(dataDirectory));
  const server = new OnDemandServer(logger, options.viewerDirectory);
  const settings = new SettingsStore({ dataDirectory, onNotice });
  const profiles = new ProfileStore({
    dataDirectory,
    secretBox,
    logger,
    onNotice,
    builtIn: server,
  });
  // Read once now, so that a corrupt file is told before anybody works with it.
  settings.get();
  profiles.list();

  const ffmpeg = new FfmpegLocator(
    bundledFfmpegDirectory === undefined ? {} : { bundledDirectory: bundledFfmpegDirectory },
  );

  const destination = async (nameOrId: string): Promise<DestinationTarget> => {
    const { profile, streamKey } = await profiles.target(nameOrId);
    const watchUrl = profile.kind === 'built-in' ? server.watchUrl : undefined;
    return {
      id: profile.id,
      name: profile.name,
      serverUrl: profile.serverUrl,
      streamKey,
      ...(watchUrl !== undefined && { watchUrl }),
    };
  };

  let previewChannel: MediaChannelReader | undefined;
  const openSource = (input: StartInput, channel: MediaChannelReader): MediaSource => {
    const { source, encoding } = input;
    if (source.type === 'renderer') {
      return createWindowSource(channel, {
        format: source.format,
        hasAudio: source.hasAudio,
        name: source.name,
        captureId: source.captureId,
        encoding,
      });
    }
    previewChannel = channel;
    return createFfmpegSource(
      { type: 'capture', video: source.video, audio: source.audio },
      encoding,
      { ffmpeg, logger, onPreview: (jpeg, peakDb) => previewChannel?.sendPreview(jpeg, peakDb) },
    );
  };

  const broadcast = new WindowBroadcast({
    logger,
    openSource,
    target: destination,
    createBroadcast: (wanted) => new Broadcast({ ...wanted, version: options.version }),
  });

  const closing = new AbortController();
  const router = createRouter({
    logger,
    settings,
    profiles,
    broadcast,
    listDevices: async () => listDevices(await ffmpeg.find()),
    info: async () => ({
      version: options.version,
      shell: options.shell,
      platform: process.platform,
      ffmpeg: await describeFfmpeg(ffmpeg),
      secrets: { protection: secretBox.protection, description: secretBox.description },
      notices,
    }),
    onWatch: (channel) => (previewChannel = channel),
    closing: closing.signal,
  });

  const close = async (): Promise<void> => {
    const end = async (): Promise<void> => {
      await broadcast.close();
      closing.abort();
      await server.close();
    };
    if ((await within(end(), closeDeadlineMs)) === 'late') {
      logger.warn('the engine did not close in time');
    }
    closing.abort();
  };

  return {
    router,
    serve: (ports) => serveWindow(router, ports, logger),
    profiles,
    settings,
    ffmpeg,
    server,
    destination,
    close,
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
