import { streamChoiceOf, type StreamChoice } from '@tallylight/contract';
import { toAppErrorInfo } from '../state/app-error.js';
import type { EngineClient } from '../state/engine-client.js';
import type { SettingsStore } from '../state/settings-store.js';
import type { StreamInputStore } from '../state/stream-input-store.js';
import { follow } from './follow.js';

interface Parts {
  readonly client: Pick<EngineClient, 'streamInput'>;
  readonly settings: SettingsStore;
  readonly streamInput: StreamInputStore;
}

/** While a stream is chosen others can publish it, and the window watches what comes. Returns how to try again. */
export function followStreamInput({ client, settings, streamInput }: Parts): () => void {
  let chosen: string | undefined;
  let watching: AbortController | undefined;
  const watch = async (choice: StreamChoice, signal: AbortSignal): Promise<void> => {
    if (!choice.from) {
      try {
        const address = await client.streamInput.open();
        if (signal.aborted) return;
        streamInput.setState({ address, isPublished: false }, true);
      } catch (error) {
        if (!signal.aborted) streamInput.setState({ error: toAppErrorInfo(error) });
        return;
      }
    }
    await follow(
      () => client.streamInput.watch(choice),
      (state) => streamInput.setState(state, true),
      signal,
    );
  };
  const look = (): void => {
    const { cameraId } = settings.getState().settings;
    const choice = streamChoiceOf(cameraId);
    const now = choice && cameraId;
    if (now === chosen) return;
    chosen = now;
    watching?.abort();
    watching = choice && new AbortController();
    // Of another stream it may tell nothing.
    streamInput.setState({ isPublished: false }, true);
    if (choice && watching) void watch(choice, watching.signal);
  };
  settings.subscribe(look);
  look();
  return () => {
    chosen = undefined;
    look();
  };
}
