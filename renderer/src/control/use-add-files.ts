import { fileListId } from '@tallylight/contract';
import { isRunning } from '../state/stage.js';
import { useStage, useStudio } from './studio-context.js';

/** Puts files at the end of the list, and chooses the list as what goes out where that can be chosen now. */
export function useAddFiles(): (files: readonly File[]) => void {
  const { files: store, sources } = useStudio();
  const isLocked = isRunning(useStage());
  return (files) => {
    if (files.length === 0) return;
    if (!isLocked) sources.camera(fileListId);
    void store.getState().add(files);
  };
}
