import {
  RtmpServer,
  type FlvItem,
  type RtmpServerHandlers,
  type RtmpServerOptions,
} from '../../src/index.js';

/** One ingest that the server took. */
export interface Collected {
  readonly streamName: string;
  readonly query: string;
  readonly mode: string;
  readonly items: FlvItem[];
  /** Undefined while it goes on. */
  end: { readonly inOrder: boolean } | undefined;
}

export interface CollectingServer {
  readonly server: RtmpServer;
  readonly port: number;
  readonly collected: readonly Collected[];
  /** Resolves once ingest `index` has ended. */
  readonly ended: (index: number) => Promise<Collected>;
}

/** A server of ours that takes every stream and keeps what comes. */
export async function startCollectingServer(
  options: RtmpServerOptions = {},
  handlers: RtmpServerHandlers = {},
): Promise<CollectingServer> {
  const collected: Collected[] = [];
  const ends: Promise<Collected>[] = [];
  const waiting: (() => void)[] = [];
  const server = new RtmpServer(
    {
      onPublish: (ingest) => {
        const { streamName, query, mode } = ingest;
        const items: FlvItem[] = [];
        const entry: Collected = { streamName, query, mode, items, end: undefined };
        collected.push(entry);
        ends.push(
          ingest.closed.then((error) => {
            entry.end = { inOrder: error === undefined };
            return entry;
          }),
        );
        for (const wake of waiting.splice(0)) wake();
        ingest.accept((item) => items.push(item));
      },
      ...handlers,
    },
    options,
  );
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
  return {
    server,
    port,
    collected,
    ended: async (index) => {
      while (ends[index] === undefined) {
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
      const end = ends[index];
      return end;
    },
  };
}
