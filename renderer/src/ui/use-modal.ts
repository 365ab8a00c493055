import { useLayoutEffect, useRef, type RefObject } from 'react';

/**
 * Opens a dialog for as long as it is there. The browser keeps the focus inside; it is closed before it is taken away, so
 * that the focus is given back.
 */
export function useModal(): RefObject<HTMLDialogElement | null> {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return dialog;
}
