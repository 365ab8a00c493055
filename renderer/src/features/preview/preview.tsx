import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { copiedFormat } from '../../state/file-facts.js';
import { engineNames, resolutionLabel } from '../../state/encoding-choices.js';
import { useIsTold, useMessages, useStage, useStudio } from '../../control/studio-context.js';
import { areFilesChosen, isStreamChosen, missingDevice } from '../../state/source-selection.js';
import { isSentElsewhere } from '../../state/broadcast-store.js';
import { useAddFiles } from '../../control/use-add-files.js';
import { useFileDrop } from '../../ui/use-file-drop.js';
import { isRunning, lampOf } from '../../state/stage.js';
import { EnginePicture } from './engine-picture.js';
import { PreviewMessage } from './preview-message.js';
import { SilenceBanner } from './silence-banner.js';
import { FilesPicture } from './files-picture.js';
import { StreamInputPicture } from './stream-input-picture.js';
import { StreamPicture } from './stream-picture.js';

/** What goes out, as large as the window allows at 16:9. `children` lie over its foot. */
export function Preview({ children }: { readonly children?: ReactNode }) {
  const messages = useMessages();
  const { t } = messages;
  const { broadcast, capture, files, settings } = useStudio();
  const chosen = useStore(settings, (state) => state.settings);
  const { width, height, fps, engine } = chosen;
  const isStream = isStreamChosen(chosen);
  const areFiles = areFilesChosen(chosen);
  const list = useStore(files, (state) => state.list);
  const asItIs = areFiles ? copiedFormat(list, messages) : undefined;
  const isDragged = useFileDrop(useAddFiles());
  const hasFailed = useStore(capture.store, ({ type }) => type === 'failed');
  const stage = useStage();
  // A stream is sent by no window, nor are files: whoever has chosen them sees them.
  const isOther = useStore(broadcast, (state) => {
    const { capturedBy } = state.snapshot;
    const isSeen = (isStream && capturedBy === 'stream') || (areFiles && capturedBy === 'files');
    return isSentElsewhere(state) && !isSeen;
  });
  return (
    <div
      data-lamp={isOther ? 'off' : lampOf(stage)}
      className="preview-frame relative mx-auto aspect-video w-(--preview-width) flex-none overflow-hidden rounded-xl bg-black"
    >
      <Picture />
      {/* Where there is no picture it has no size, and what is said instead needs the room. */}
      {(isOther || (!hasFailed && (!areFiles || isRunning(stage)))) && (
        <p className="numbers absolute top-3 left-3 rounded-md bg-black/70 px-2 py-1 text-white">
          {isOther
            ? t('window.picture.notSent')
            : isStream
              ? t('window.picture.streamAsItIs')
              : (asItIs ??
                t('window.picture.format', {
                  size: resolutionLabel(width, height),
                  fps,
                  engine: engineNames[areFiles ? 'ffmpeg' : engine],
                }))}
        </p>
      )}
      <div className="preview-notes absolute inset-x-3 bottom-3 space-y-2 overflow-y-auto">
        <SilenceBanner />
        {children}
      </div>
      {/* In place of all that is there: words that shine through cannot be read, nor can these. */}
      {isDragged && (
        <p className="pointer-events-none absolute inset-0 grid place-content-center bg-black p-2 text-sm font-semibold text-white outline-2 -outline-offset-8 outline-white outline-dashed">
          {t('window.files.drop')}
        </p>
      )}
    </div>
  );
}

function Picture() {
  const messages = useMessages();
  const { t } = messages;
  const { capture, devices, settings, lookForDevices } = useStudio();
  const state = useStore(capture.store);
  const chosen = useStore(settings, (s) => s.settings);
  const { engine } = chosen;
  const isMissing = useStore(devices, (lists) => missingDevice(chosen, lists) !== undefined);
  const known = useStore(devices, (s) => s.browser !== undefined);
  const isTold = useIsTold(state.type === 'failed' ? state.error : undefined);
  if (areFilesChosen(chosen) && state.type !== 'lent') return <FilesPicture />;
  if (isStreamChosen(chosen) && state.type !== 'lent') return <StreamInputPicture />;
  switch (state.type) {
    case 'open':
      return <StreamPicture stream={state.capture.stream} />;
    case 'lent':
      return <EnginePicture />;
    case 'opening':
      return <PreviewMessage busy title={t('window.picture.opening')} />;
    case 'failed':
      return (
        <PreviewMessage
          title={isTold ? t('window.picture.none') : messages.error(state.error).message}
          text={isTold ? '' : messages.error(state.error).remedy}
          action={{ label: t('window.tryAgain'), run: () => void lookForDevices() }}
        />
      );
    case 'closed':
      // What is missing stands in the sentence at the foot.
      if (isMissing) return <PreviewMessage title={t('window.picture.none')} />;
      return known && engine === 'ffmpeg' ? (
        <PreviewMessage
          title={t('window.picture.noPreview')}
          text={t('window.picture.noPreviewWhy')}
        />
      ) : (
        <PreviewMessage busy title={t('window.picture.looking')} />
      );
  }
}
