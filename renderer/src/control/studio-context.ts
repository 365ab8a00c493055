import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { AppErrorInfo, BroadcastSnapshot } from '@tallylight/contract';
import type { WindowMessages } from '@tallylight/messages/window';
import { currentSnapshot } from '../state/broadcast-store.js';
import { isBroadcasting, isRunning, stageOf, type Stage } from '../state/stage.js';
import type { Studio } from './studio.js';

export const StudioContext = createContext<Studio | undefined>(undefined);

export function useStudio(): Studio {
  const studio = useContext(StudioContext);
  if (!studio) throw new Error('useStudio needs a StudioContext around it');
  return studio;
}

/** What is said, in the user's language. */
export const useMessages = (): WindowMessages => useStore(useStudio().messages);

export function useStage(): Stage {
  return useStore(useStudio().broadcast, ({ snapshot, pending }) => stageOf(snapshot, pending));
}

export const useSnapshot = (): BroadcastSnapshot =>
  useStore(useStudio().broadcast, currentSnapshot);

/** Why the choices cannot be changed now, in a sentence; `undefined` when they can. */
export function useLockReason(): string | undefined {
  const { t } = useMessages();
  const stage = useStage();
  if (!isRunning(stage)) return undefined;
  if (stage === 'recording') return t('window.sources.whyLockedRecording');
  return t(
    isBroadcasting(stage) ? 'window.sources.whyLockedOnAir' : 'window.sources.whyLockedGoingLive',
  );
}

/** Whether it is still said why the last attempt, or broadcast, failed; it is no news once that is closed or mended. */
export function useFailureShown(): boolean {
  const { alerts, connection } = useStudio();
  const isLost = useStore(connection, (state) => state.lost);
  const isShown = useStore(alerts, (state) =>
    state.alerts.some(({ topic }) => topic === 'broadcast'),
  );
  return isLost || isShown;
}

/** Whether an alert about the broadcast says this already. */
export function useIsTold(wanted: AppErrorInfo | undefined): boolean {
  return useStore(useStudio().alerts, ({ alerts }) =>
    alerts.some(
      ({ topic, error }) =>
        topic === 'broadcast' && error.code === wanted?.code && error.phase === wanted.phase,
    ),
  );
}
