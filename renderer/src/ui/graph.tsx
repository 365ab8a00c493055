import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { GraphData, GraphShape } from './graph-data.js';
import { MountedGraph } from './mounted-graph.js';

export interface GraphProps {
  /** What it shows, in words and figures. */
  readonly label: string;
  readonly shape: GraphShape;
  /** Is called when it is drawn, which is not each time that something is new. */
  readonly read: () => GraphData;
  /** Its height, as a class: it has it before anything is drawn, so that nothing jumps. */
  readonly height: string;
}

/**
 * Lines over time. What draws them is loaded with the first graph; where it cannot be, the words stand in its place. It is
 * drawn at most twice a second, and not while it is out of sight.
 */
export function Graph({ label, shape, read, height }: GraphProps) {
  const box = useRef<HTMLDivElement>(null);
  const mounted = useRef<MountedGraph>(undefined);
  const latest = useRef(read);
  const [isMissing, setMissing] = useState(false);
  const shapeText = JSON.stringify(shape);
  useLayoutEffect(() => {
    latest.current = read;
  }, [read]);
  useEffect(() => {
    if (!box.current) return;
    const graph = new MountedGraph(box.current, {
      shape: JSON.parse(shapeText) as GraphShape,
      read: () => latest.current(),
      onMissing: () => setMissing(true),
    });
    mounted.current = graph;
    return () => graph.unmount();
  }, [shapeText]);
  // Whoever shows it renders it anew when there is something new.
  useEffect(() => mounted.current?.request());
  if (isMissing) return <p className={`overflow-y-auto text-xs ${height}`}>{label}</p>;
  return <div ref={box} role="img" aria-label={label} className={`overflow-hidden ${height}`} />;
}
