import { ByteWriter } from '../src/bytes/byte-writer.js';
import { messageTypeId } from '../src/message/message-type-id.js';
import { aggregateOf, doubledArrays, overwrittenChain } from '../test/fixtures/amf-bombs.js';
import type { Random } from './random.js';

/** AMF0 in which arrays and objects refer to one another: chains, doublings, loops, and keys that are written again. */
export function generateGraph(random: Random): Uint8Array {
  switch (random.below(3)) {
    case 0:
      return overwrittenChain(1 + random.below(random.oneIn(10) ? 5000 : 50));
    case 1:
      return doubledArrays(1 + random.below(31));
    default:
      return linkedObjects(random);
  }
}

/** An array of objects whose properties are references to any of them, also to those that are not there yet. */
function linkedObjects(random: Random): Uint8Array {
  const count = 1 + random.below(random.oneIn(10) ? 1000 : 20);
  const writer = new ByteWriter().u8(10).u32(count);
  for (let i = 0; i < count; i++) {
    writer.u8(3);
    for (let links = random.below(4); links > 0; links--) {
      writer.u16(1).u8(0x61 + random.below(3));
      writer.u8(7).u16(random.oneIn(20) ? random.below(count + 2) : random.below(i + 2));
    }
    writer.u16(0).u8(9);
  }
  return writer.finish();
}

/** The payload of an aggregate of up to a MiB that says the same over and over. */
export function generateLargeAggregate(random: Random): Uint8Array {
  const { dataAmf0, commandAmf0, video } = messageTypeId;
  const typeId = random.pick([dataAmf0, dataAmf0, commandAmf0, video]);
  const body = generateGraph(random);
  const most = Math.max(1, Math.floor((1024 * 1024) / (body.length + 15)));
  return aggregateOf(1 + random.below(most), typeId, body);
}

/** NAL units of a few bytes behind lengths of `lengthSize`, up to a MiB of them. */
export function generateTinyUnits(lengthSize: number, random: Random): Uint8Array {
  const unit = new Uint8Array(lengthSize + 1);
  unit[lengthSize - 1] = 1;
  const frame = new Uint8Array(unit.length * (1 + random.below(random.oneIn(8) ? 200_000 : 100)));
  for (let at = 0; at < frame.length; at += unit.length) frame.set(unit, at);
  return frame;
}
