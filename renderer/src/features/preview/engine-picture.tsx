import { useEffect, useRef, useState } from 'react';
import { useMessages, useStudio } from '../../control/studio-context.js';
import { PreviewMessage } from './preview-message.js';

/**
 * The small pictures that ffmpeg sends while the camera is its own.
 *
 * @param opening what is said until the first has come.
 */
export function EnginePicture({ opening }: { readonly opening?: string }) {
  const { t } = useMessages();
  const { enginePreview } = useStudio();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [shown, setShown] = useState(false);
  useEffect(
    () =>
      enginePreview.onFrame((frame) => {
        const element = canvas.current;
        if (!element) return;
        if (element.width !== frame.width) element.width = frame.width;
        if (element.height !== frame.height) element.height = frame.height;
        element.getContext('2d')?.drawImage(frame, 0, 0);
        setShown(true);
      }),
    [enginePreview],
  );
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
