import { useEffect, useRef, useState, type RefObject } from 'react';

/** What gives pictures to whoever wants to show them, until that is taken back. */
interface FrameSource {
  onFrame(show: (frame: ImageBitmap) => void): () => void;
}

/** Draws each frame onto a canvas that takes its size. `shown`: whether there was one. */
export function useDrawnFrames(source: FrameSource): {
  readonly canvas: RefObject<HTMLCanvasElement | null>;
  readonly shown: boolean;
} {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [shown, setShown] = useState(false);
  useEffect(
    () =>
      source.onFrame((frame) => {
        const element = canvas.current;
        if (!element) return;
        if (element.width !== frame.width) element.width = frame.width;
        if (element.height !== frame.height) element.height = frame.height;
        element.getContext('2d')?.drawImage(frame, 0, 0);
        setShown(true);
      }),
    [source],
  );
  return { canvas, shown };
}
