import {
  describeError,
  MediaChannelWriter,
  type AppErrorInfo,
  type BroadcastSnapshot,
  type ChannelPort,
  type SystemInfo,
} from '@tallylight/contract';
import { withDeadline } from 'node-rtmp-client/async';
import {
  alertFromError,
  createAlertsStore,
  type AlertsStore,
  type ClosedAlerts,
} from '../state/alerts-store.js';
import { createBroadcastStore, type BroadcastStore } from '../state/broadcast-store.js';
import { createCheckStore, type CheckStore } from '../state/check-store.js';
import { CaptureController } from './capture-controller.js';
import { createConnectionStore, type ConnectionStore } from '../state/connection-store.js';
import { engineSilent } from './engine-silent.js';
import { createDevicesStore, type DevicesStore } from '../state/devices-store.js';
import type { EngineClient } from '../state/engine-client.js';
import { GoLiveController } from './go-live.js';
import { LiveBitrate } from './live-bitrate.js';
import { LiveDestinations } from './live-destinations.js';
import { RecordingController } from './recording-controller.js';
import { EnginePreview } from './engine-preview.js';
import type { MediaPort, PicturePort } from './media-port.js';
import { MonitorController } from './monitor-controller.js';
import { createStreamInputStore, type StreamInputStore } from '../state/stream-input-store.js';
import { createFilesStore, type FilesStore, type GiveFile } from '../state/files-store.js';
import { createProfilesStore, type ProfilesStore } from '../state/profiles-store.js';
import { createServerConfigStore, type ServerConfigStore } from '../state/server-config-store.js';
import { createServerStore, type ServerStore } from '../state/server-store.js';
import { createSettingsStore, type SettingsStore } from '../state/settings-store.js';
import {
  createMessagesStore,
  languageOf,
  windowMessages,
  type MessagesStore,
} from '../state/messages-store.js';
import { createQuestionsStore, type QuestionsStore } from '../state/questions-store.js';
import { follow } from './follow.js';
import { followNetwork } from './follow-network.js';
import { followMends } from './follow-mends.js';
import { followRecordings } from './follow-recordings.js';
import { followStreamInput } from './follow-stream-input.js';
import { guardEnd } from './guard-end.js';
import { prepareEncoders } from './prepare-encoders.js';
import { SilenceWatch } from './silence-watch.js';
import { SourceChoices } from './source-choices.js';
import { watchBroadcast } from './watch-broadcast.js';
import { Ticks } from '../state/ticks.js';
import { captureOptions } from '../state/source-selection.js';
import { isBroadcasting, isRunning, stageOf } from '../state/stage.js';

/** The engine as the window sees it: what `transport` connects to. */
export interface StudioConnection {
  readonly client: EngineClient;
  readonly channel: ChannelPort;
  readonly giveFile: GiveFile;
  onClosed(listener: () => void): () => void;
}

/** Everything the window knows and can do. */
export interface Studio {
  readonly system: SystemInfo;
  readonly connection: ConnectionStore;
  readonly alerts: AlertsStore;
  readonly settings: SettingsStore;
  readonly devices: DevicesStore;
  readonly profiles: ProfilesStore;
  readonly server: ServerStore;
  readonly serverConfig: ServerConfigStore;
  readonly check: CheckStore;
  readonly broadcast: BroadcastStore;
  readonly capture: CaptureController;
  readonly sources: SourceChoices;
  readonly goLive: GoLiveController;
  readonly liveDestinations: LiveDestinations;
  readonly liveBitrate: LiveBitrate;
  readonly recording: RecordingController;
  readonly ticks: Ticks;
  readonly enginePreview: EnginePreview;
  readonly monitor: MonitorController;
  readonly silence: SilenceWatch;
  readonly streamInput: StreamInputStore;
  readonly files: FilesStore;
  readonly questions: QuestionsStore;
  readonly messages: MessagesStore;
  /** Looks for devices again, and opens the chosen source where that had failed. */
  readonly lookForDevices: () => Promise<void>;
}

/** Long enough to look for an ffmpeg that works. */
const openDeadlineMs = 60_000;

/** Reads what is saved and puts the window's state together. */
export async function openStudio(
  connection: StudioConnection,
  media: MediaPort & PicturePort,
  closedAlerts?: ClosedAlerts,
): Promise<Studio> {
  const { client } = connection;
  const [system, savedSettings, savedProfiles] = await withDeadline(
    Promise.all([client.system.info(), client.settings.get(), client.profiles.list()]),
    openDeadlineMs,
    engineSilent,
  );
  const alerts = createAlertsStore(closedAlerts);
  const questions = createQuestionsStore();
  const settings = createSettingsStore(client, savedSettings, alerts);
  const devices = createDevicesStore(media, client, alerts);
  const ticks = new Ticks(settings);
  const profiles = createProfilesStore(client, ticks, alerts, questions, savedProfiles);
  const broadcast = createBroadcastStore();
  const capture = new CaptureController(media);
  const enginePreview = new EnginePreview();
  const files = createFilesStore(client.files, connection.giveFile, alerts);
  const monitor = new MonitorController({
    ...{ client, media, capture, enginePreview, settings, broadcast, files },
  });
  const channel = new MediaChannelWriter(connection.channel, enginePreview.show, monitor.show);
  const streamInput = createStreamInputStore();
  const messages = createMessagesStore(languageOf(savedSettings.language, navigator.languages));
  const parts = {
    ...{ client, media, channel, capture, settings, devices, profiles, broadcast, alerts },
    language: () => messages.getState().language,
  };
  const openStreamInput = followStreamInput({ client, settings, streamInput });
  const goLive = new GoLiveController(parts);
  const studio: Studio = {
    system,
    connection: createConnectionStore(),
    alerts,
    settings,
    devices,
    profiles,
    server: createServerStore(client.server, alerts, questions),
    serverConfig: createServerConfigStore(client.serverConfig, alerts, profiles),
    check: createCheckStore(client),
    broadcast,
    capture,
    sources: new SourceChoices(settings, devices),
    goLive,
    recording: new RecordingController({ client, alerts, broadcast, goLive, messages }),
    liveDestinations: new LiveDestinations({ ...parts, questions }),
    liveBitrate: new LiveBitrate(parts),
    ticks,
    enginePreview,
    monitor,
    silence: new SilenceWatch(capture),
    streamInput,
    files,
    questions,
    messages,
    lookForDevices: async () => {
      const ffmpeg = settings.getState().settings.engine === 'ffmpeg';
      await Promise.all([
        devices.getState().refreshBrowser(),
        ffmpeg ? devices.getState().refreshFfmpeg() : undefined,
      ]);
      if (!isRunning(studio.goLive.stage)) capture.retry();
      if (streamInput.getState().error) openStreamInput();
    },
  };
  for (const [index, notice] of system.notices.entries()) {
    alerts.getState().show({
      ...alertFromError(`notice-${index}`, 'startNotice', notice),
      cause: JSON.stringify(notice),
    });
  }
  followBroadcast(studio, connection);
  followDevices(studio, media);
  prepareEncoders(studio, media);
  followLanguage(studio);
  followMends(studio);
  followRecordings(studio);
  guardEnd(studio);
  followNetwork(client, broadcast);
  return studio;
}

/** Another language takes effect at once. */
function followLanguage({ settings, messages }: Studio): void {
  settings.subscribe(({ settings: { language: setting } }) => {
    const language = languageOf(setting, navigator.languages);
    if (language !== messages.getState().language) {
      messages.setState(windowMessages(language), true);
    }
  });
}

/** The broadcast ended with the engine that ran it; how far it came stays to be read. */
function brokenOff(snapshot: BroadcastSnapshot, error: AppErrorInfo): BroadcastSnapshot {
  if (snapshot.state === 'idle' || snapshot.state === 'ended') return snapshot;
  const outputs = snapshot.outputs.map((output) => ({
    ...output,
    ...(output.type === 'rtmp' && { bitrate: 0 }),
    ...(output.state !== 'failed' && { state: 'stopped' as const }),
  }));
  const last: BroadcastSnapshot = { ...snapshot, state: 'ended', outputs, error };
  delete last.health;
  return last;
}

function followBroadcast(studio: Studio, connection: StudioConnection): void {
  const { alerts, broadcast } = studio;
  const closed = new AbortController();
  void watchBroadcast(connection.client, broadcast.getState().receive, closed.signal);
  void follow(
    () => connection.client.broadcast.watchLog(),
    broadcast.getState().receiveLog,
    closed.signal,
  );
  void follow(
    () => connection.client.profiles.watch(),
    studio.profiles.getState().receive,
    closed.signal,
  );
  void follow(
    () => connection.client.server.watch(),
    studio.server.getState().receive,
    closed.signal,
  );
  void follow(
    () => connection.client.recordings.watch(),
    studio.recording.store.getState().receive,
    closed.signal,
  );
  void follow(
    () => connection.client.files.watch(),
    studio.files.getState().receive,
    closed.signal,
  );
  connection.onClosed(() => {
    closed.abort();
    studio.connection.setState({ lost: true });
    studio.monitor.close();
    const error = describeError('ENGINE_GONE');
    const { snapshot, pending } = broadcast.getState();
    const wasLive = isBroadcasting(stageOf(snapshot, pending));
    const title = wasLive ? 'brokeOff' : 'engineGone';
    // Before anything that fails for want of it says less.
    alerts.getState().show({ topic: 'connection', title, error });
    broadcast.getState().receive(brokenOff(snapshot, error));
    broadcast.getState().setPending('none');
  });
}

/** Keeps the preview on the chosen devices; not while a broadcast runs, when nothing may touch them. */
function followDevices(studio: Studio, media: MediaPort): void {
  const { capture, devices, settings, goLive, broadcast } = studio;
  const wantChosen = (): void => {
    if (isRunning(goLive.stage)) return;
    capture.want(captureOptions(settings.getState().settings, devices.getState()));
  };
  settings.subscribe(wantChosen);
  devices.subscribe(wantChosen);
  broadcast.subscribe((state, before) => {
    if (state.snapshot.state !== before.snapshot.state || state.pending !== before.pending) {
      wantChosen();
    }
  });
  capture.store.subscribe((state) => {
    // What ffmpeg opens has other ids.
    if (state.type === 'open' && settings.getState().settings.engine !== 'ffmpeg') {
      studio.sources.opened(state.options);
    }
  });
  const look = (): void => void studio.lookForDevices();
  media.onDeviceChange(look);
  media.onPermissionChange(look);
  look();
}
