import {
  MediaLaneReader,
  MediaLaneWriter,
  serializeLaneMessage,
  type LaneMessage,
  type LanePort,
} from '@tallylight/contract';

/** A lane without a transport: what one end sends the other receives in a later turn, in order. */
export function createLanePair(): {
  reader: MediaLaneReader;
  writer: MediaLaneWriter;
  /** Sends past the writer, without credits. */
  send: (message: LaneMessage) => void;
  close: () => void;
} {
  const [rendererEnd, engineEnd] = createPortPair();
  const reader = new MediaLaneReader(engineEnd);
  const writer = new MediaLaneWriter(rendererEnd);
  return {
    reader,
    writer,
    send: (message) => rendererEnd.send(serializeLaneMessage(message)),
    close: () => rendererEnd.close(),
  };
}

function createPortPair(): [LanePort, LanePort] {
  const ends = [0, 1].map(() => ({
    onMessage: [] as ((bytes: Uint8Array) => void)[],
    onClose: [] as (() => void)[],
  }));
  const port = (own: number): LanePort => ({
    send: (bytes) =>
      queueMicrotask(() => ends[1 - own]?.onMessage.forEach((listener) => listener(bytes))),
    onMessage: (listener) => ends[own]?.onMessage.push(listener),
    onClose: (listener) => ends[own]?.onClose.push(listener),
    close: () =>
      queueMicrotask(() => ends.forEach((end) => end.onClose.forEach((listener) => listener()))),
  });
  return [port(0), port(1)];
}
