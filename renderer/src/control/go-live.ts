import {
  AppError,
  destinationsOf,
  reason,
  streamChoiceOf,
  testPictureId,
  type AppErrorInfo,
  type MediaChannelWriter,
  type Settings,
  type Source,
} from '@tallylight/contract';
import type { Language } from '@tallylight/messages';
import { wait, withDeadline } from 'node-rtmp-client/async';
import { captureError } from '../media/capture-error.js';
import type { Capture } from '../media/devices/capture.js';
import type { CaptureOptions, RunningEngine } from '../media/media-engine.js';
import { alertFromError, type AlertsStore, type AlertTitle } from '../state/alerts-store.js';
import { toAppErrorInfo } from '../state/app-error.js';
import type { BroadcastStore } from '../state/broadcast-store.js';
import type { CaptureController } from './capture-controller.js';
import { engineSilent } from './engine-silent.js';
import type { DevicesState, DevicesStore } from '../state/devices-store.js';
import type { EngineClient } from '../state/engine-client.js';
import type { MediaPort } from './media-port.js';
import type { ProfilesStore } from '../state/profiles-store.js';
import type { SettingsStore } from '../state/settings-store.js';
import {
  captureOptions,
  currentSelection,
  ffmpegSource,
  areFilesChosen,
  isNoDevice,
  keyframeInterval,
  missingDevice,
} from '../state/source-selection.js';
import {
  isOnlyRecorded,
  isRunning,
  isShow,
  runningRecording,
  stageOf,
  type Stage,
} from '../state/stage.js';
import { readyProfileIds } from './ready-profile-ids.js';
import { ShowDuringRecording } from './show-during-recording.js';
import { until } from './until.js';

export interface GoLiveParts {
  readonly client: EngineClient;
  readonly media: MediaPort;
  readonly channel: MediaChannelWriter;
  readonly capture: CaptureController;
  readonly settings: SettingsStore;
  readonly devices: DevicesStore;
  readonly profiles: ProfilesStore;
  readonly broadcast: BroadcastStore;
  readonly alerts: AlertsStore;
  /** Of the window: viewers read it while a stream is away. */
  readonly language: () => Language;
}

/** ffmpeg asks the system for each device's modes. */
const devicesDeadlineMs = 15_000;
const startDeadlineMs = 30_000;
const stopDeadlineMs = 15_000;
const mediaStopDeadlineMs = 4000;
/** How long a snapshot may take after the call whose effect it shows. */
const snapshotDeadlineMs = 3000;

/** What a renderer engine needs to send. */
interface RendererMedia {
  readonly kind: 'webcodecs' | 'mediarecorder';
  /** Tells this broadcast's media on the channel from what came before it. */
  readonly captureId: number;
  readonly capture: Capture;
  readonly options: CaptureOptions;
}

/**
 * Leads a broadcast from the button to LIVE and back. The engine's snapshots are the truth; this only gives the
 * commands and moves the camera between the preview, the renderer's encoders and ffmpeg.
 */
export class GoLiveController {
  readonly #parts: GoLiveParts;
  readonly #joining: ShowDuringRecording;
  #running: RunningEngine | undefined;
  #captures = 0;
  /** Aborted when it is cancelled or over; what is left of that attempt then ends by itself. */
  #attempt: AbortController | undefined;
  /** The call that begins a broadcast, until it is answered. */
  #beginning: Promise<void> | undefined;
  /** Settles, without an error, when no encoder is about to start. */
  #mediaStarted: Promise<void> = Promise.resolve();

  constructor(parts: GoLiveParts) {
    this.#parts = parts;
    this.#joining = new ShowDuringRecording(parts);
    parts.broadcast.subscribe(({ snapshot }, { snapshot: before }) => {
      const isAnother = snapshot.startedAt !== before.startedAt;
      // What is said of the one before is over, whichever window began this one.
      if (isAnother) parts.alerts.getState().dismiss('broadcast');
      // Also in a window that has just come, or come back: it shows what ffmpeg sends in place of devices of its own.
      if (snapshot.capturedBy === 'ffmpeg' && isRunning(stageOf(snapshot, 'none')))
        void parts.capture.lend();
      const isOver = snapshot.state === 'ended' || snapshot.state === 'idle';
      if (!isOver || (!isAnother && snapshot.state === before.state)) return;
      this.#attempt?.abort();
      // Why it ended, where nobody stopped it.
      if (snapshot.error) this.#showFailure(snapshot.error);
      void this.#finish();
    });
    parts.capture.store.subscribe((state) => {
      if (state.type === 'failed' && this.#running) void this.#captureFailed(state.error);
    });
  }

  get stage(): Stage {
    const { snapshot, pending } = this.#parts.broadcast.getState();
    return stageOf(snapshot, pending);
  }

  /** Where something is recorded already, the ticked destinations join that. */
  async goLive(): Promise<void> {
    if (this.stage === 'recording') await this.#joining.join();
    else if (!isRunning(this.stage)) await this.#begin('start');
  }

  /** Begins a broadcast that goes nowhere and is recorded. */
  async record(): Promise<void> {
    if (!isRunning(this.stage)) await this.#begin('record');
  }

  async #begin(command: 'start' | 'record'): Promise<void> {
    const { broadcast, alerts } = this.#parts;
    const attempt = new AbortController();
    this.#attempt = attempt;
    alerts.getState().dismiss('broadcast');
    broadcast.getState().setPending(command);
    try {
      await this.#start(attempt.signal, command);
    } catch (error) {
      if (attempt.signal.aborted) return;
      const info = this.#parts.profiles.getState().withName(toAppErrorInfo(error));
      const title = command === 'record' ? 'recordingFailed' : 'notLive';
      alerts.getState().show(alertFromError('broadcast', title, info));
      if (!isRunning(stageOf(broadcast.getState().snapshot, 'none'))) await this.#finish();
    } finally {
      // After a cancelled attempt the next may be under way already.
      if (this.#attempt === attempt) {
        this.#attempt = undefined;
        if (broadcast.getState().pending === command) broadcast.getState().setPending('none');
      }
    }
  }

  /** Stops, or cancels while still connecting. What is recorded goes on. */
  async stop(): Promise<void> {
    if (!runningRecording(this.#parts.broadcast.getState().snapshot)) await this.end();
    else if (isShow(this.stage)) await this.#joining.leave();
  }

  /** Ends all of it: the show, and what is recorded. */
  async end(): Promise<void> {
    const { broadcast, client } = this.#parts;
    const stage = this.stage;
    if (stage === 'off-air' || stage === 'stopping' || stage === 'cancelling') return;
    broadcast.getState().setPending('stop');
    this.#attempt?.abort();
    const beginning = this.#beginning;
    try {
      // What is live is flushed first. What is cancelled must not look like a source that ended without a picture, nor a
      // stop like a program that came to its end while a server was away.
      const isHeard = stage === 'live' || stage === 'recording';
      const flush = isHeard && !this.#isAnyAway() && (await this.#stopMedia());
      await withDeadline(client.broadcast.stop({ flush }), stopDeadlineMs, engineSilent);
      await this.#stopMedia();
      if (beginning) {
        // The stop may have overtaken the start, and found nothing to be stopped.
        await beginning.catch(() => undefined);
        await withDeadline(client.broadcast.stop(), stopDeadlineMs, engineSilent);
      }
      await until(
        broadcast,
        ({ snapshot }) => !isRunning(stageOf(snapshot, 'none')),
        snapshotDeadlineMs,
      );
      await this.#finish();
    } catch (error) {
      await this.#stopMedia();
      this.#showFailure(toAppErrorInfo(error));
    } finally {
      broadcast.getState().setPending('none');
    }
  }

  #isAnyAway(): boolean {
    const { snapshot } = this.#parts.broadcast.getState();
    return destinationsOf(snapshot).some(({ state }) => state === 'reconnecting');
  }

  async #start(signal: AbortSignal, command: 'start' | 'record'): Promise<void> {
    const { client, broadcast } = this.#parts;
    const cancelled = (): boolean => signal.aborted;
    const isRecord = command === 'record';
    const profileIds = isRecord ? [] : await readyProfileIds(this.#parts);
    // Two encoders on one channel would mix their media.
    await this.#mediaStarted;
    await this.#devicesKnown();
    if (!profileIds || cancelled()) return;
    const { settings } = this.#parts.settings.getState();
    const { source, media } = await this.#prepare(settings);
    if (cancelled()) return;
    const before = broadcast.getState().snapshot.startedAt;
    broadcast.setState({ startedHere: true });
    this.#beginning = withDeadline(
      client.broadcast.start({
        ...{ source, encoding: encodingOf(settings), profileIds },
        bitrateAdaptation: settings.adaptBitrate ? settings.bitratePolicy : 'off',
        ...(isRecord && { record: true }),
      }),
      startDeadlineMs,
      engineSilent,
    );
    try {
      await this.#beginning;
    } catch (error) {
      broadcast.setState({ startedHere: false });
      throw error;
    } finally {
      this.#beginning = undefined;
    }
    await until(
      broadcast,
      ({ snapshot }) => snapshot.startedAt !== before || isRunning(stageOf(snapshot, 'none')),
      snapshotDeadlineMs,
    );
    if (!media || cancelled()) return;
    this.#mediaStarted = this.#startMedia(media, signal);
    await this.#mediaStarted;
  }

  /** Resolves when the devices of the chosen engine are listed, or will not be. */
  async #devicesKnown(): Promise<void> {
    const { devices, settings } = this.#parts;
    // What others publish needs none of them, and files do not.
    if (isNoDevice(settings.getState().settings)) return;
    const known = (state: DevicesState): boolean =>
      currentSelection(settings.getState().settings, state) !== undefined;
    if (known(devices.getState())) return;
    await until(devices, known, devicesDeadlineMs);
    // A change of the engine puts the chosen devices into its words as soon as it knows them.
    await wait(0);
  }

  async #prepare(settings: Settings): Promise<{ source: Source; media?: RendererMedia }> {
    const { capture, devices, language } = this.#parts;
    if (areFilesChosen(settings)) return { source: { type: 'files', slateLanguage: language() } };
    const stream = streamChoiceOf(settings.cameraId);
    if (stream) return { source: { type: 'stream', slateLanguage: language(), ...stream } };
    if (settings.engine === 'ffmpeg') {
      const selection = currentSelection(settings, devices.getState());
      if (!selection) throw captureError('CAPTURE_FAILED', { reason: reason('no-devices-known') });
      const missing = missingDevice(settings, devices.getState());
      if (missing) throw new AppError(missing);
      await capture.lend();
      return { source: ffmpegSource(selection) };
    }
    const options = captureOptions(settings, devices.getState());
    if (!options) throw captureError('CAPTURE_FAILED', { reason: reason('no-devices-known') });
    // From the click on nobody else opens anything: who was quicker than the listing of devices has none open yet.
    capture.want(options);
    const open = await capture.opened();
    const format = settings.engine === 'webcodecs' ? 'packets' : 'matroska';
    this.#captures += 1;
    const captureId = this.#captures;
    return {
      source: {
        type: 'renderer',
        format,
        hasAudio: open.hasAudio,
        name: options.cameraId === testPictureId ? reason('test-picture') : open.cameraLabel,
        captureId,
      },
      media: { kind: settings.engine, captureId, capture: open, options },
    };
  }

  async #startMedia(media: RendererMedia, signal: AbortSignal): Promise<void> {
    let running: RunningEngine;
    try {
      running = await this.#parts.media.startEngine(
        media.kind,
        media.capture,
        media.options,
        this.#parts.channel,
        media.captureId,
      );
    } catch (error) {
      if (!signal.aborted) await this.#captureFailed(toAppErrorInfo(error));
      return;
    }
    this.#running = running;
    running.onFailed((error) => void this.#captureFailed(error));
    // Cancelled, or refused while the encoders started; the next attempt may be waiting for their end.
    if (signal.aborted) await this.#stopMedia();
  }

  /** Ends the broadcast with the renderer's error; the snapshot that follows brings it back as the alert. */
  async #captureFailed(error: AppErrorInfo): Promise<void> {
    try {
      await this.#parts.client.broadcast.captureFailed(error);
    } catch {
      // The engine is gone, or ended first; the error is still the truth about this broadcast.
      this.#showFailure(error);
    }
  }

  /** Whether there were media of this window that have ended in order. */
  async #stopMedia(): Promise<boolean> {
    const running = this.#running;
    this.#running = undefined;
    if (!running) return false;
    try {
      await withDeadline(running.stop(), mediaStopDeadlineMs, engineSilent);
      return true;
    } catch {
      // What was not flushed in time is lost; the engine ends the broadcast all the same.
      return false;
    }
  }

  /** Off air: gives the camera back to the preview. */
  async #finish(): Promise<void> {
    this.#parts.broadcast.setState({ startedHere: false });
    await this.#stopMedia();
    this.#parts.capture.reclaim();
  }

  #showFailure(error: AppErrorInfo): void {
    // It is said of the recording itself.
    if (error.code === 'RECORDING_FAILED') return;
    const { snapshot } = this.#parts.broadcast.getState();
    const info = this.#parts.profiles.getState().withName(error);
    const title = ((): AlertTitle => {
      if (snapshot.liveAt !== undefined) return 'brokeOff';
      return isOnlyRecorded(snapshot) ? 'recordingFailed' : 'notLive';
    })();
    this.#parts.alerts.getState().show({
      ...alertFromError('broadcast', title, info),
      ...(snapshot.startedAt !== undefined && { cause: `broadcast ${snapshot.startedAt}` }),
    });
  }
}

function encodingOf(settings: Settings) {
  const { width, height, fps, videoBitrate, audioBitrate } = settings;
  return { width, height, fps, videoBitrate, audioBitrate, keyframeInterval };
}
