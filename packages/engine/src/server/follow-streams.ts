import type { FlvItem, LiveHub, LiveStream } from 'node-rtmp-client';

/** Calls `follow` for each stream that begins; returns the way to stop that. */
export const followStreams = (hub: LiveHub, follow: (stream: LiveStream) => void): (() => void) =>
  hub.watch(({ type, stream: { app, name } }) => {
    const stream = hub.find(app, name);
    if (type === 'published' && stream) follow(stream);
  });

/** What the server itself takes of a stream. */
export interface ObservedItems {
  /** What came since; nothing once the stream has ended. */
  next(): Promise<readonly FlvItem[]>;
  /** To be called in the end. */
  leave(): void;
}

/** Gathers a stream's items from now on. Bounded as a player's queue is: who falls behind goes on at a later keyframe. */
export function observe(stream: LiveStream): ObservedItems {
  const observer = stream.join('observer');
  return { next: () => observer.nextBatch(), leave: () => stream.leave(observer) };
}
