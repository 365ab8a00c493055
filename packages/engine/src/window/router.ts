import { implement, type Router } from '@orpc/server';
import {
  contract,
  type CheckInput,
  type CheckSnapshot,
  type DeviceList,
  type MediaChannelReader,
  type MonitorSnapshot,
  type StreamAddress,
  type StreamChoice,
  type StreamInput,
  type SystemInfo,
} from '@tallylight/contract';
import type { Logger } from '../logger.js';
import type { ProfileStore } from '../profiles/profile-store.js';
import type { ServerControl } from '../server/server-control.js';
import type { PlaybackControl } from '../sources/media-source.js';
import type { FileList } from '../sources/files/file-list.js';
import { writeServerConfig } from '../server-config/write-server-config.js';
import type { SettingsStore } from '../profiles/settings-store.js';
import { toFailure } from './failures.js';
import { latest } from './latest.js';
import type { WindowBroadcast } from './window-broadcast.js';
import type { WindowRecordings } from './window-recordings.js';

/** What a shell gives for each connection of a window. */
export interface EngineContext {
  readonly channel: MediaChannelReader;
}

export interface RouterOptions {
  readonly logger: Logger;
  readonly settings: SettingsStore;
  readonly profiles: ProfileStore;
  readonly server: ServerControl;
  readonly broadcast: WindowBroadcast;
  readonly recordings: WindowRecordings;
  readonly info: () => Promise<SystemInfo>;
  readonly listDevices: () => Promise<DeviceList>;
  readonly openStreamInput: () => Promise<StreamAddress>;
  readonly watchStreamInput: (
    choice: StreamChoice,
    signal: AbortSignal,
  ) => AsyncGenerator<StreamInput, void, undefined>;
  /** @throws AppError where a profile is what the running broadcast sends on; without effect for anything else. */
  readonly refuseCircle: (profileId: string) => Promise<void>;
  readonly files: FileList;
  /** Of the files that are on. @throws AppError `NOT_PLAYING` */
  readonly playback: () => PlaybackControl;
  readonly watchMonitor: (
    outputId: string,
    channel: MediaChannelReader,
    signal: AbortSignal,
  ) => Promise<AsyncGenerator<MonitorSnapshot, void, undefined>>;
  readonly watchCheck: (
    input: CheckInput,
    signal: AbortSignal,
  ) => Promise<AsyncGenerator<CheckSnapshot, void, undefined>>;
  /** Told which window the preview is to go to. */
  readonly showPreview: (channel: MediaChannelReader) => void;
  /** Aborted when the engine closes. */
  readonly closing: AbortSignal;
}

export type EngineRouter = Router<typeof contract, EngineContext>;

/** The contract's procedures over the engine's parts. */
export function createRouter(options: RouterOptions): EngineRouter {
  const { logger, settings, profiles, server, broadcast, files, playback } = options;
  const untilEither = (signal: AbortSignal | undefined): AbortSignal =>
    signal ? AbortSignal.any([signal, options.closing]) : options.closing;
  const os = implement(contract)
    .$context<EngineContext>()
    .use(async ({ next, path }) => {
      try {
        return await next();
      } catch (error) {
        throw toFailure(error, logger, path.join('.'));
      }
    });

  return os.router({
    system: { info: os.system.info.handler(options.info) },
    settings: {
      get: os.settings.get.handler(() => settings.get()),
      update: os.settings.update.handler(({ input }) => settings.update(input)),
    },
    profiles: {
      list: os.profiles.list.handler(() => profiles.list()),
      save: os.profiles.save.handler(({ input }) => profiles.save(input)),
      watch: os.profiles.watch.handler(({ signal }) =>
        latest(
          () => profiles.list(),
          (onChange) => profiles.onChange(onChange),
          untilEither(signal),
        ),
      ),
      remove: os.profiles.remove.handler(({ input }) => profiles.remove(input.id)),
      restore: os.profiles.restore.handler(({ input }) => profiles.restore(input.id)),
      forget: os.profiles.forget.handler(({ input }) => profiles.forget(input.id)),
      revealKey: os.profiles.revealKey.handler(async ({ input }) => ({
        streamKey: await profiles.revealKey(input.id),
      })),
      check: os.profiles.check.handler(({ input, signal }) =>
        options.watchCheck(input, untilEither(signal)),
      ),
    },
    server: {
      update: os.server.update.handler(({ input }) => server.update(input)),
      revealKeys: os.server.revealKeys.handler(() => server.keys()),
      renewKey: os.server.renewKey.handler(({ input }) => server.renewKey(input.key)),
      viewerLink: os.server.viewerLink.handler(({ input }) => server.viewerLink(input.host)),
      watch: os.server.watch.handler(({ signal }) =>
        latest(
          () => server.snapshot(),
          (onChange) => server.onChange(onChange),
          untilEither(signal),
        ),
      ),
    },
    serverConfig: { write: os.serverConfig.write.handler(({ input }) => writeServerConfig(input)) },
    devices: { list: os.devices.list.handler(options.listDevices) },
    streamInput: {
      open: os.streamInput.open.handler(options.openStreamInput),
      watch: os.streamInput.watch.handler(({ input, signal }) =>
        options.watchStreamInput(input, untilEither(signal)),
      ),
    },
    files: {
      add: os.files.add.handler(({ input }) => files.add(input.paths)),
      remove: os.files.remove.handler(({ input }) => files.remove(input.id)),
      move: os.files.move.handler(({ input }) => files.move(input.id, input.to)),
      update: os.files.update.handler(({ input }) => files.update(input)),
      next: os.files.next.handler(() => playback().next()),
      seek: os.files.seek.handler(({ input }) => playback().seek(input.positionMs)),
      pause: os.files.pause.handler(() => playback().pause()),
      resume: os.files.resume.handler(() => playback().resume()),
      watch: os.files.watch.handler(({ signal }) =>
        latest(
          () => files.state,
          (onChange) => files.onChange(onChange),
          untilEither(signal),
        ),
      ),
    },
    recordings: {
      watch: os.recordings.watch.handler(({ signal }) =>
        options.recordings.watch(untilEither(signal)),
      ),
      showInFolder: os.recordings.showInFolder.handler(({ input }) =>
        options.recordings.showInFolder(input.path),
      ),
      makeFolder: os.recordings.makeFolder.handler(() => options.recordings.makeFolder()),
    },
    monitor: {
      watch: os.monitor.watch.handler(({ input, context, signal }) =>
        options.watchMonitor(input.id, context.channel, untilEither(signal)),
      ),
    },
    broadcast: {
      start: os.broadcast.start.handler(({ input, context }) =>
        broadcast.start(input, context.channel),
      ),
      stop: os.broadcast.stop.handler(({ input }) => broadcast.stop(input)),
      captureFailed: os.broadcast.captureFailed.handler(({ input, context }) => {
        broadcast.captureFailed(input, context.channel);
      }),
      addOutput: os.broadcast.addOutput.handler(({ input }) => broadcast.addOutput(input)),
      removeOutput: os.broadcast.removeOutput.handler(({ input }) =>
        broadcast.running.remove(input.id),
      ),
      finishOutput: os.broadcast.finishOutput.handler(({ input }) =>
        broadcast.running.finish(input.id),
      ),
      retryOutput: os.broadcast.retryOutput.handler(async ({ input }) => {
        // What it is corrected to may be what is sent on.
        await options.refuseCircle(input.id);
        broadcast.running.retry(input.id);
      }),
      pauseOutput: os.broadcast.pauseOutput.handler(({ input }) => {
        broadcast.running.output(input.id).pause?.();
      }),
      resumeOutput: os.broadcast.resumeOutput.handler(({ input }) => {
        broadcast.running.output(input.id).resume?.();
      }),
      saveReplay: os.broadcast.saveReplay.handler(({ input }) => broadcast.saveReplay(input?.word)),
      networkUp: os.broadcast.networkUp.handler(() => broadcast.networkUp()),
      setVideoBitrate: os.broadcast.setVideoBitrate.handler(({ input }) =>
        broadcast.running.setVideoBitrate(input.videoBitrate),
      ),
      showPreview: os.broadcast.showPreview.handler(({ context }) => {
        options.showPreview(context.channel);
      }),
      watch: os.broadcast.watch.handler(({ signal }) => broadcast.watch(untilEither(signal))),
      watchLog: os.broadcast.watchLog.handler(({ signal }) =>
        broadcast.watchLog(untilEither(signal)),
      ),
    },
  });
}
