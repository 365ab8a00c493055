import { ChunkWriter } from '../../src/chunk/chunk-writer.js';
import { serializeMessage, type Message } from '../../src/message/message.js';
import { outChunkSize } from '../../src/session/protocol-channel.js';
import { joined } from './session-wire.js';

/** A message as a peer would send it at any time. @param chunkSize which the receiver must expect. */
export function messageBytes(message: Message, chunkSize = outChunkSize): Uint8Array {
  const writer = new ChunkWriter();
  writer.chunkSize = chunkSize;
  const output: Uint8Array[] = [];
  writer.write(serializeMessage(message), output);
  return joined(output);
}
