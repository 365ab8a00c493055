import { useEffect, useRef, useState, type ReactNode } from 'react';

/** As high as what is in it, and no higher than the column that it is in: what has no room is scrolled to, by keys, too. */
export function ScrollBox({ children }: { readonly children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const [overflows, setOverflows] = useState(false);
  useEffect(() => {
    const { current } = box;
    if (!current || !content.current) return;
    const observer = new ResizeObserver(() => {
      setOverflows(current.scrollHeight > current.clientHeight);
    });
    observer.observe(current);
    observer.observe(content.current);
    return () => observer.disconnect();
  }, []);
  return (
    <div
      ref={box}
      tabIndex={overflows ? 0 : undefined}
      className="min-h-0 overflow-y-auto [scrollbar-width:thin]"
    >
      <div ref={content}>{children}</div>
    </div>
  );
}
