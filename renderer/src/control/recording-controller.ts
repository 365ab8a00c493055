import { replayOf } from '@tallylight/contract';
import { withDeadline } from 'node-rtmp-client/async';
import { alertFromError, type AlertsStore, type AlertTitle } from '../state/alerts-store.js';
import { toAppErrorInfo } from '../state/app-error.js';
import type { BroadcastStore } from '../state/broadcast-store.js';
import type { MessagesStore } from '../state/messages-store.js';
import type { EngineClient } from '../state/engine-client.js';
import { createRecordingsStore } from '../state/recordings-store.js';
import { goesOut, runningRecording, type Stage } from '../state/stage.js';
import { engineSilent } from './engine-silent.js';

interface Parts {
  readonly client: EngineClient;
  readonly alerts: AlertsStore;
  readonly broadcast: BroadcastStore;
  readonly messages: MessagesStore;
  /** What begins and ends broadcasts. */
  readonly goLive: {
    readonly stage: Stage;
    record(): Promise<void>;
    end(): Promise<void>;
  };
}

/** The end of a recording waits for the disk. */
const deadlineMs = 30_000;
/** How long it is said that a replay was saved. */
const saidMs = 8000;

/** Records what is on air or, without going live, what the window shows; and saves what was just now. */
export class RecordingController {
  readonly #parts: Parts;
  readonly store = createRecordingsStore();
  #saidTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async record(): Promise<void> {
    const { client, goLive } = this.#parts;
    if (goLive.stage === 'off-air') {
      this.#parts.alerts.getState().dismiss('recording');
      await goLive.record();
      return;
    }
    await this.#ask('recordingFailed', () => client.broadcast.addOutput({ type: 'recording' }));
  }

  /** Ends the recording, and with it the broadcast where nothing else is left of that. */
  async stop(): Promise<void> {
    const { broadcast, client, goLive } = this.#parts;
    const { snapshot } = broadcast.getState();
    if (goesOut(snapshot.outputs)) {
      await this.#askOfRunning('recordingNotEnded', (id) => client.broadcast.finishOutput(id));
    } else if (goLive.stage === 'recording') await goLive.end();
  }

  pause(): Promise<void> {
    const { broadcast } = this.#parts.client;
    return this.#askOfRunning('recordingNotPaused', (id) => broadcast.pauseOutput(id));
  }

  resume(): Promise<void> {
    const { broadcast } = this.#parts.client;
    return this.#askOfRunning('recordingNotPaused', (id) => broadcast.resumeOutput(id));
  }

  /** Does nothing where nothing is held. */
  async saveReplay(): Promise<void> {
    const { broadcast, client, messages } = this.#parts;
    if (!replayOf(broadcast.getState().snapshot)) return;
    await this.#ask('replayNotSaved', async () => {
      const saved = await client.broadcast.saveReplay({
        word: messages.getState().t('window.recording.replayFile'),
      });
      this.store.setState({ saved });
      clearTimeout(this.#saidTimer);
      this.#saidTimer = setTimeout(this.dismissSaved, saidMs);
    });
  }

  readonly dismissSaved = (): void => this.store.setState({ saved: undefined });

  /** Makes the folder that is chosen and not there. */
  async makeFolder(): Promise<void> {
    const { client } = this.#parts;
    await this.#ask('folderNotMade', () => client.recordings.makeFolder());
  }

  async showInFolder(path: string): Promise<void> {
    const { client } = this.#parts;
    await this.#ask('folderNotShown', () => client.recordings.showInFolder({ path }));
  }

  async #askOfRunning(
    title: AlertTitle,
    call: (input: { id: string }) => Promise<void>,
  ): Promise<void> {
    const running = runningRecording(this.#parts.broadcast.getState().snapshot);
    if (running) await this.#ask(title, () => call({ id: running.id }));
  }

  async #ask(title: AlertTitle, call: () => Promise<unknown>): Promise<void> {
    const { alerts } = this.#parts;
    if (this.store.getState().isBusy) return;
    this.store.setState({ isBusy: true });
    try {
      await withDeadline(call(), deadlineMs, engineSilent);
      alerts.getState().dismiss('recording');
    } catch (error) {
      alerts.getState().show(alertFromError('recording', title, toAppErrorInfo(error)));
    } finally {
      this.store.setState({ isBusy: false });
    }
  }
}
