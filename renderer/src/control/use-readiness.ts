import {
  describeError,
  streamChoiceOf,
  type AppErrorInfo,
  type ListedFile,
  type StreamInput,
} from '@tallylight/contract';
import { useStore } from 'zustand';
import { isDirty } from '../state/profile-draft.js';
import type { PictureState, ReadinessInput } from '../state/readiness.js';
import {
  areFilesChosen,
  currentSelection,
  isStreamChosen,
  missingDevice,
} from '../state/source-selection.js';
import type { CaptureState } from './capture-controller.js';
import { useStudio } from './studio-context.js';
import { useTargets } from './use-targets.js';

/** What decides whether anything can go out now. */
export function useReadiness(): ReadinessInput {
  const { capture, devices, profiles: store, settings: settingsStore, silence } = useStudio();
  const stream = useStore(useStudio().streamInput);
  const files = useStore(useStudio().files, ({ list }) => list.files);
  const settings = useStore(settingsStore, (state) => state.settings);
  const { profiles, draft } = useStore(store);
  const targets = useTargets();
  const lists = useStore(devices);
  const captured = useStore(capture.store);
  const silent = useStore(silence.store, (now) => now.silent);
  return {
    selection: currentSelection(settings, lists),
    picture: areFilesChosen(settings)
      ? pictureOfFiles(files)
      : isStreamChosen(settings)
        ? pictureOfStream(stream, streamChoiceOf(settings.cameraId)?.from !== undefined)
        : pictureOf(captured, settings.engine === 'ffmpeg', missingDevice(settings, lists)),
    silent,
    isPublished: stream.isPublished,
    isFileLeftOut: files.some(({ error }) => error),
    targets,
    unsaved: isDirty(draft, profiles) ? targets.find((target) => target.draft) : undefined,
  };
}

/** What can be played is; what cannot is left out. */
function pictureOfFiles(files: readonly ListedFile[]): PictureState {
  // Until somebody has looked into it, nobody knows whether it can be played.
  if (files.some(({ error, canCopy }) => !error && canCopy === undefined)) {
    return { type: 'opening' };
  }
  if (files.some(({ error }) => !error)) return { type: 'there' };
  return { type: 'failed', error: files[0]?.error ?? describeError('FILE_LIST_EMPTY') };
}

/** Whoever publishes it may come later: as long as they can, it is well. */
function pictureOfStream({ address, error }: StreamInput, isOnServer: boolean): PictureState {
  if (error) return { type: 'failed', error };
  return { type: address || isOnServer ? 'there' : 'opening' };
}

function pictureOf(
  state: CaptureState,
  isFfmpeg: boolean,
  missing: AppErrorInfo | undefined,
): PictureState {
  // What the browser cannot open, it says itself, and why.
  if (isFfmpeg && missing) return { type: 'failed', error: missing };
  switch (state.type) {
    case 'failed':
      return { type: 'failed', error: state.error };
    case 'open':
      return { type: 'there' };
    case 'closed':
      // What the browser cannot open has no preview; ffmpeg opens it when it is wanted.
      return isFfmpeg ? { type: 'there' } : { type: 'opening' };
    case 'opening':
    case 'lent':
      return { type: 'opening' };
  }
}
