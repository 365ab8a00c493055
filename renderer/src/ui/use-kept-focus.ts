import { useEffect } from 'react';

const focusable = 'button, select, input, a[href], summary, [tabindex="0"]';

/**
 * Where what had the focus is taken away, as a message that is closed, the focus goes to what is nearest to it, so that
 * whoever works with the keyboard does not begin at the top again.
 */
export function useKeptFocus(): void {
  useEffect(() => {
    /** What had the focus, and all that it lies in, the nearest first. */
    let trail: HTMLElement[] = [];
    const onFocusIn = ({ target }: FocusEvent): void => {
      trail = [];
      for (let at = target; at instanceof HTMLElement; at = at.parentElement) trail.push(at);
    };
    const keep = (): void => {
      if (document.activeElement !== document.body || trail[0]?.isConnected !== false) return;
      for (const near of trail) {
        if (!near.isConnected || near === document.body) continue;
        const next = near.querySelector<HTMLElement>(focusable);
        if (!next) continue;
        next.focus();
        return;
      }
    };
    const observer = new MutationObserver(keep);
    observer.observe(document.body, { childList: true, subtree: true });
    document.addEventListener('focusin', onFocusIn);
    return () => {
      observer.disconnect();
      document.removeEventListener('focusin', onFocusIn);
    };
  }, []);
}
