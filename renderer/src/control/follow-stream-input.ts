import { toAppErrorInfo } from '../state/app-error.js';
import type { EngineClient } from '../state/engine-client.js';
import type { SettingsStore } from '../state/settings-store.js';
import { isStreamChosen } from '../state/source-selection.js';
import type { StreamInputStore } from '../state/stream-input-store.js';
import { follow } from './follow.js';

interface Parts {
  readonly client: Pick<EngineClient, 'streamInput'>;
  readonly settings: SettingsStore;
  readonly streamInput: StreamInputStore;
}

/** While the stream is chosen others can publish it, and the window watches what comes. Returns how to try again. */
export function followStreamInput({ client, settings, streamInput }: Parts): () => void {
  let watching: AbortController | undefined;
  const watch = async (signal: AbortSignal): Promise<void> => {
    try {
      const address = await client.streamInput.open();
      streamInput.setState({ address, error: undefined });
    } catch (error) {
      streamInput.setState({ error: toAppErrorInfo(error) });
      return;
    }
    await follow(
      () => client.streamInput.watch(),
      (state) => streamInput.setState(state),
      signal,
    );
  };
  const look = (): void => {
    const isChosen = isStreamChosen(settings.getState().settings);
    if (isChosen === (watching !== undefined)) return;
    watching?.abort();
    watching = isChosen ? new AbortController() : undefined;
    if (watching) void watch(watching.signal);
  };
  settings.subscribe(look);
  look();
  return () => {
    watching?.abort();
    watching = undefined;
    look();
  };
}
