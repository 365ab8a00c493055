import {
  MediaChannelReader,
  MediaChannelWriter,
  serializeChannelMessage,
  type ChannelMessage,
  type ChannelPort,
} from '@tallylight/contract';

/** A channel without a transport: what one end sends the other receives in a later turn, in order. */
export function createChannelPair(onPreview?: (jpeg: Uint8Array) => void): {
  reader: MediaChannelReader;
  writer: MediaChannelWriter;
  /** Sends past the writer, without credits. */
  send: (message: ChannelMessage) => void;
  close: () => void;
} {
  const [rendererEnd, engineEnd] = createPortPair();
  const reader = new MediaChannelReader(engineEnd);
  const writer = new MediaChannelWriter(rendererEnd, onPreview);
  return {
    reader,
    writer,
    send: (message) => rendererEnd.send(serializeChannelMessage(message)),
    close: () => rendererEnd.close(),
  };
}

function createPortPair(): [ChannelPort, ChannelPort] {
  const ends = [0, 1].map(() => ({
    onMessage: [] as ((bytes: Uint8Array) => void)[],
    onClose: [] as (() => void)[],
  }));
  const port = (own: number): ChannelPort => ({
    send: (bytes) =>
      queueMicrotask(() => ends[1 - own]?.onMessage.forEach((listener) => listener(bytes))),
    onMessage: (listener) => ends[own]?.onMessage.push(listener),
    onClose: (listener) => ends[own]?.onClose.push(listener),
    close: () =>
      queueMicrotask(() => ends.forEach((end) => end.onClose.forEach((listener) => listener()))),
  });
  return [port(0), port(1)];
}
