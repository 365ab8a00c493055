import { useEffect, useRef, useState, type KeyboardEvent } from 'react';

export interface Hold {
  readonly isHeld: boolean;
  /** It was let go too early. */
  readonly isShort: boolean;
  readonly begin: () => void;
  readonly end: () => void;
  /** For keys that press a button. */
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

const isPress = ({ key }: KeyboardEvent): boolean => key === 'Enter' || key === ' ';

/** Runs `run` once it was held for `milliseconds`, by pointer or by key. */
export function useHold(milliseconds: number, run: () => void): Hold {
  const [isHeld, setHeld] = useState(false);
  const [isShort, setShort] = useState(false);
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => {
    if (!isHeld) return;
    const timer = setTimeout(() => {
      setHeld(false);
      latest.current();
    }, milliseconds);
    return () => clearTimeout(timer);
  }, [isHeld, milliseconds]);
  const begin = (): void => {
    setShort(false);
    setHeld(true);
  };
  return {
    isHeld,
    isShort,
    begin,
    end: () => {
      if (isHeld) setShort(true);
      setHeld(false);
    },
    onKeyDown: (event) => {
      if (!isPress(event)) return;
      // It must not click as well.
      event.preventDefault();
      if (!event.repeat) begin();
    },
  };
}
