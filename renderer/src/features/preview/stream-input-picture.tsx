import { streamChoiceOf } from '@tallylight/contract';
import { useStore } from 'zustand';
import { useMessages, useStage, useStudio } from '../../control/studio-context.js';
import { isRunning } from '../../state/stage.js';
import { EnginePicture } from './engine-picture.js';
import { PreviewMessage } from './preview-message.js';

/** What others publish, or that it is waited for; while on air also what viewers see in its place. */
export function StreamInputPicture() {
  const messages = useMessages();
  const { t } = messages;
  const { broadcast, lookForDevices, settings, streamInput } = useStudio();
  const { from } = streamChoiceOf(useStore(settings, (now) => now.settings.cameraId)) ?? {};
  const { address, error, isPublished } = useStore(streamInput);
  const presence = useStore(broadcast, ({ snapshot }) => snapshot.presence);
  const isOn = isRunning(useStage());
  if (error) {
    const { message, remedy } = messages.error(error);
    return (
      <PreviewMessage
        title={message}
        text={remedy}
        {...(error.code !== 'SERVER_OFF' && {
          action: { label: t('window.tryAgain'), run: () => void lookForDevices() },
        })}
      />
    );
  }
  if (isOn && (presence === 'slate' || presence === 'paused')) {
    const why =
      presence === 'slate'
        ? t('window.picture.streamSlateWhy', { words: t('slate.words') })
        : t('window.picture.streamPausedWhy');
    return <PreviewMessage title={t('window.picture.streamSlate')} text={why} />;
  }
  const why = ((): string => {
    if (!from) return address ? t('window.picture.streamAwaitedWhy') : '';
    return t('window.picture.serverStreamAwaitedWhy', { stream: `${from.app}/${from.name}` });
  })();
  if (isPublished) return <EnginePicture opening={t('window.picture.streamOpens')} />;
  return <PreviewMessage busy title={t('window.picture.streamAwaited')} text={why} />;
}
