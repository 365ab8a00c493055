import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { BroadcastSnapshot } from '@tallylight/contract';
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
  return t(
    isBroadcasting(stage) ? 'window.sources.whyLockedOnAir' : 'window.sources.whyLockedGoingLive',
  );
}
