import { useStore } from 'zustand';
import { useAddFiles } from '../../control/use-add-files.js';
import { useMessages, useStage, useStudio } from '../../control/studio-context.js';
import { countFiles } from '../../state/files-store.js';
import { isRunning } from '../../state/stage.js';
import { pickFiles } from '../../ui/pick-files.js';
import { EnginePicture } from './engine-picture.js';
import { PreviewMessage } from './preview-message.js';

/** The file that is on; in a pause what viewers see in its place, and before it what is going to be played. */
export function FilesPicture() {
  const { t } = useMessages();
  const { broadcast, files } = useStudio();
  const addFiles = useAddFiles();
  const { count, leftOut } = countFiles(useStore(files));
  const isPaused = useStore(files, ({ list }) => list.playback?.isPaused);
  const isSent = useStore(broadcast, ({ snapshot }) => snapshot.capturedBy === 'files');
  const isOn = isRunning(useStage()) && isSent;
  if (isOn && isPaused === true) {
    const words = t('slate.words');
    return (
      <PreviewMessage
        title={t('window.picture.filesPaused')}
        text={t('window.picture.filesPausedWhy', { words })}
      />
    );
  }
  if (isOn) return <EnginePicture opening={t('window.picture.fileOpens')} />;
  return (
    <PreviewMessage
      title={
        count === 0 ? t('window.picture.filesEmpty') : t('window.picture.filesReady', { count })
      }
      text={((): string => {
        if (count === 0) return t('window.picture.filesEmptyWhy');
        if (leftOut === count) return t('window.picture.filesNonePlayable');
        if (leftOut === 0) return t('window.picture.filesReadyWhy');
        return t('window.picture.filesLeftOut', { count: leftOut });
      })()}
      action={{
        label: t('window.files.add'),
        run: () => void pickFiles().then(addFiles),
      }}
    />
  );
}
