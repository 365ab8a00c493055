import { useEffect, useState, type PointerEvent, type RefObject } from 'react';

interface Drag {
  readonly id: string;
  /** Where it would go: before the item of that place, or behind the last. */
  readonly gap: number;
}

/** How near the edge of a list that scrolls the pointer moves it on, and by how much at a time. Pixels. */
const edge = 24;
const step = 12;

export interface Reorder {
  readonly drag: Drag | undefined;
  /** Of what an item is dragged by; that of a finger needs `touch-action: none`. */
  readonly grip: (id: string) => {
    readonly onPointerDown: (event: PointerEvent) => void;
    readonly onPointerMove: (event: PointerEvent) => void;
    readonly onPointerUp: () => void;
    readonly onLostPointerCapture: () => void;
  };
}

/**
 * Puts the items of a list in another order by pointer: mouse, pen or finger. Escape gives it up.
 *
 * @param list where they are; its first children are theirs.
 * @param ids of the items, in their order.
 * @param onMove where an item is to go, counted without itself.
 */
export function useReorder(
  list: RefObject<HTMLOListElement | null>,
  ids: readonly string[],
  onMove: (id: string, to: number) => void,
): Reorder {
  const [drag, setDrag] = useState<Drag>();
  const isDragged = drag !== undefined;
  useEffect(() => {
    if (!isDragged) return undefined;
    const onKeyDown = ({ key }: KeyboardEvent): void => {
      if (key === 'Escape') setDrag(undefined);
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [isDragged]);
  const gapAt = (y: number): number => {
    const items = [...(list.current?.children ?? [])].slice(0, ids.length);
    return items.filter((item) => {
      const { top, height } = item.getBoundingClientRect();
      return y > top + height / 2;
    }).length;
  };
  const scrollAt = (y: number): void => {
    const { top = y, bottom = y } = list.current?.getBoundingClientRect() ?? {};
    if (y < top + edge) list.current?.scrollBy({ top: -step });
    if (y > bottom - edge) list.current?.scrollBy({ top: step });
  };
  return {
    drag,
    grip: (id) => ({
      onPointerDown: (event) => {
        if (event.button !== 0) return;
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
        setDrag({ id, gap: gapAt(event.clientY) });
      },
      onPointerMove: ({ clientY }) => {
        if (drag?.id !== id) return;
        scrollAt(clientY);
        setDrag({ id, gap: gapAt(clientY) });
      },
      onPointerUp: () => {
        if (drag?.id !== id) return;
        setDrag(undefined);
        // It may have gone, or moved, meanwhile.
        const from = ids.indexOf(id);
        const to = drag.gap > from ? drag.gap - 1 : drag.gap;
        if (from >= 0 && to !== from) onMove(id, to);
      },
      onLostPointerCapture: () => setDrag(undefined),
    }),
  };
}
