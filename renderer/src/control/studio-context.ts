import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { BroadcastSnapshot } from '@tallylight/contract';
import { currentSnapshot } from '../state/broadcast-store.js';
import { isOnAir, isRunning, stageOf, type Stage } from '../state/stage.js';
import type { Studio } from './studio.js';

export const StudioContext = createContext<Studio | undefined>(undefined);

export function useStudio(): Studio {
  const studio = useContext(StudioContext);
  if (!studio) throw new Error('useStudio needs a StudioContext around it');
  return studio;
}

export function useStage(): Stage {
  return useStore(useStudio().broadcast, ({ snapshot, pending }) => stageOf(snapshot, pending));
}

export const useSnapshot = (): BroadcastSnapshot =>
  useStore(useStudio().broadcast, currentSnapshot);

/** Why the choices cannot be changed now, in a sentence; `undefined` when they can. */
export function useLockReason(): string | undefined {
  const stage = useStage();
  if (!isRunning(stage)) return undefined;
  return isOnAir(stage)
    ? 'Locked while on air. Stop to change it.'
    : 'Locked while going live. Cancel to change it.';
}
