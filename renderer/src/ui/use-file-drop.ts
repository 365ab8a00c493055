import { useEffect, useRef, useState } from 'react';

/**
 * Takes the files that are dropped anywhere onto the window: a browser that is left to itself would open them in its place.
 *
 * @returns whether some are being dragged over it.
 */
export function useFileDrop(onDrop: (files: readonly File[]) => void): boolean {
  const [isOver, setIsOver] = useState(false);
  const handler = useRef(onDrop);
  useEffect(() => {
    handler.current = onDrop;
  });
  useEffect(() => {
    const over = new AbortController();
    const { signal } = over;
    const listen = (
      type: 'dragover' | 'dragleave' | 'drop',
      listener: (event: DragEvent) => void,
    ) => window.addEventListener(type, listener, { signal });
    listen('dragover', (event) => {
      if (event.dataTransfer?.types.includes('Files') !== true) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
      setIsOver(true);
    });
    // It leaves each element that it is dragged over; the window, where it enters none.
    listen('dragleave', (event) => event.relatedTarget === null && setIsOver(false));
    listen('drop', (event) => {
      setIsOver(false);
      const files = [...(event.dataTransfer?.files ?? [])];
      if (event.dataTransfer?.types.includes('Files') !== true) return;
      event.preventDefault();
      if (files.length > 0) handler.current(files);
    });
    return () => over.abort();
  }, []);
  return isOver;
}
