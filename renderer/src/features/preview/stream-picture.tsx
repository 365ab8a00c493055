import { useEffect, useRef } from 'react';

export function StreamPicture({ stream }: { stream: MediaStream }) {
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
      aria-label="Preview"
      autoPlay
      muted
      playsInline
      className="size-full object-contain"
    />
  );
}
