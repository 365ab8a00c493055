import { useMessages, useStudio } from '../../control/studio-context.js';
import { useDrawnFrames } from '../../ui/use-drawn-frames.js';
import { PreviewMessage } from './preview-message.js';

/**
 * The small pictures that ffmpeg sends while the camera is its own.
 *
 * @param opening what is said until the first has come.
 */
export function EnginePicture({ opening }: { readonly opening?: string }) {
  const { t } = useMessages();
  const { enginePreview } = useStudio();
  const { canvas, shown } = useDrawnFrames(enginePreview);
  return (
    <>
      <canvas
        ref={canvas}
        role="img"
        aria-label={t('window.picture.label')}
        className="size-full object-contain"
      />
      {!shown && <PreviewMessage busy title={opening ?? t('window.picture.ffmpegOpens')} />}
    </>
  );
}
