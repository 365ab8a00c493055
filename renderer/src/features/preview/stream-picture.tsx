import { useEffect, useRef } from 'react';
import { useMessages } from '../../control/studio-context.js';

export function StreamPicture({ stream }: { stream: MediaStream }) {
  const { t } = useMessages();
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const element = video.current;
    if (!element) return;
    element.srcObject = stream;
    return () => {
      element.srcObject = null;
    };
  }, [stream]);
  return (
    <video
      ref={video}
      aria-label={t('window.picture.label')}
      autoPlay
      muted
      playsInline
      className="size-full object-contain"
    />
  );
}
