import { ByteWriter } from '../src/bytes/byte-writer.js';
import { messageTypeId } from '../src/message/message-type-id.js';
import type { Random } from './random.js';

const typeIds = [...Object.values(messageTypeId), 0, 7, 99, 255] as const;
const chunkStreamIds = [2, 3, 4, 5, 6, 8, 63, 64, 319, 320, 65_599] as const;
const times = [
  0, 1, 40, 0xfffffe, 0xffffff, 0x1000000, 0x7fffffff, 0x80000000, 0xffffffff,
] as const;
const amf0Markers = [0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15, 16, 17] as const;

/** AMF0 values with odd lengths, counts and references. */
export function generateAmf0(random: Random): Uint8Array {
  const writer = new ByteWriter();
  for (let i = 1 + random.below(4); i > 0; i--) writeAmf0(writer, random, 0);
  return writer.finish();
}

function writeAmf0(writer: ByteWriter, random: Random, depth: number): void {
  const type = random.pick(amf0Markers);
  writer.u8(type);
  const properties = (): void => {
    for (let i = depth > 4 ? 0 : random.below(4); i > 0; i--) {
      writeText(writer, random);
      writeAmf0(writer, random, depth + 1);
    }
    if (!random.oneIn(20)) writer.u16(0).u8(9);
  };
  switch (type) {
    case 0:
      writer.bytes(random.bytes(8));
      return;
    case 1:
      writer.u8(random.below(3));
      return;
    case 2:
      writeText(writer, random);
      return;
    case 3:
      properties();
      return;
    case 7:
      writer.u16(random.below(4));
      return;
    case 8:
      writer.u32(random.below(5));
      properties();
      return;
    case 10: {
      const count = depth > 4 ? 0 : random.below(4);
      writer.u32(random.oneIn(20) ? 0xffffffff : count);
      for (let i = 0; i < count; i++) writeAmf0(writer, random, depth + 1);
      return;
    }
    case 11:
      writer.bytes(random.bytes(10));
      return;
    case 12:
    case 15:
      writer.u16(0);
      writeText(writer, random);
      return;
    case 16:
      writeText(writer, random);
      properties();
      return;
    case 17:
      writeAmf3(writer, random, depth);
      return;
    default:
  }
}

export function generateAmf3(random: Random): Uint8Array {
  const writer = new ByteWriter();
  for (let i = 1 + random.below(4); i > 0; i--) writeAmf3(writer, random, 0);
  return writer.finish();
}

function writeAmf3(writer: ByteWriter, random: Random, depth: number): void {
  const type = random.below(0x12);
  writer.u8(type);
  if (type < 4) return;
  if (type === 4) writer.bytes(random.bytes(1 + random.below(4)));
  else if (type === 5) writer.bytes(random.bytes(8));
  else if (random.oneIn(4)) writer.u8(random.below(8) << 1);
  else writeAmf3Content(writer, random, type, depth);
}

function writeAmf3Content(writer: ByteWriter, random: Random, type: number, depth: number): void {
  const count = depth > 4 ? 0 : random.below(4);
  const values = (many: number): void => {
    for (let i = 0; i < many; i++) writeAmf3(writer, random, depth + 1);
  };
  const named = (): void => {
    for (let i = random.below(3); i > 0; i--) {
      writer.u8(3).u8(0x61 + random.below(3));
      values(1);
    }
    writer.u8(1);
  };
  switch (type) {
    case 8:
      writer.u8(1).bytes(random.bytes(8));
      return;
    case 9:
      writer.u8((count << 1) | 1);
      named();
      values(count);
      return;
    case 10:
      writer.u8(random.pick([0x0b, 0x01, 0x05, 0x07, 0x13, 0x1b, 0x23]));
      for (let i = random.below(4); i > 0; i--) writer.u8(3).u8(0x61 + i);
      values(count);
      named();
      return;
    case 16:
      writer
        .u8((count << 1) | 1)
        .u8(0)
        .u8(1);
      values(count);
      return;
    default:
      writer.u8((count << 1) | 1).bytes(random.bytes(random.below(count * 8 + 1)));
  }
}

function writeText(writer: ByteWriter, random: Random): void {
  const length = random.below(6);
  writer.u16(random.oneIn(40) ? 0xffff : length);
  for (let i = 0; i < length; i++) writer.u8(0x61 + random.below(3));
}

/** The payload of a message of some type. */
export function generatePayload(typeId: number, random: Random): Uint8Array {
  const writer = new ByteWriter();
  switch (typeId) {
    case messageTypeId.commandAmf3:
    case messageTypeId.dataAmf3:
      writer.u8(random.below(2)).bytes(generateAmf0(random));
      break;
    case messageTypeId.commandAmf0:
    case messageTypeId.dataAmf0: {
      const name = random.pick([
        'connect',
        'createStream',
        'publish',
        'play',
        '_result',
        'onStatus',
        'deleteStream',
        'pause',
        'seek',
        '@setDataFrame',
        'onMetaData',
        '_error',
      ]);
      writer.u8(2).u16(name.length).text(name);
      writer.u8(0).f64(random.below(8)).bytes(generateAmf0(random));
      break;
    }
    case messageTypeId.userControl:
      writer.u16(random.below(40)).bytes(random.bytes(random.below(10)));
      break;
    case messageTypeId.aggregate:
      for (let i = random.below(5); i > 0; i--) {
        const body = random.bytes(random.below(9));
        writer.u8(random.pick(typeIds)).u24(random.oneIn(9) ? 0xffffff : body.length);
        writer
          .bytes(random.bytes(7))
          .bytes(body)
          .u32(11 + body.length);
      }
      break;
    case messageTypeId.setChunkSize:
      writer.u32(random.pick([0, 1, 2, 64, 128, 60_000, 0x7fffffff, 0x80000000]));
      break;
    case messageTypeId.audio:
    case messageTypeId.video:
      writer.bytes(generateTagBody(random));
      break;
    default:
      writer.bytes(random.bytes(random.below(12)));
  }
  return writer.finish();
}

/** The body of an audio or video tag, legacy or enhanced. */
export function generateTagBody(random: Random): Uint8Array {
  const fourCcs = [
    'avc1',
    'hvc1',
    'av01',
    'vp09',
    'vp08',
    'Opus',
    'fLaC',
    'ac-3',
    'ec-3',
    'mp4a',
    '.mp3',
    'xxxx',
  ];
  const first = random.pick([
    0x17, 0x27, 0xaf, 0x2f, 0x57, 0x80, 0x90, 0x97, 0xd7, 0x86, 0x96, 0x87, 0xa7, 0x94,
  ]);
  const writer = new ByteWriter().u8(random.oneIn(3) ? first : (first & 0xf0) | random.below(16));
  for (let i = random.below(3); i > 0; i--) writer.u8(random.below(8)).u8(random.below(256));
  if (random.oneIn(2)) writer.u8(random.below(64));
  writer.text(random.pick(fourCcs)).bytes(random.bytes(random.below(24)));
  return writer.finish();
}

/** Chunks with headers of every form, mostly right. */
export function generateChunks(random: Random): Uint8Array {
  const writer = new ByteWriter();
  for (let i = 1 + random.below(12); i > 0; i--) {
    const format = random.below(4);
    const id = random.pick(chunkStreamIds);
    if (id < 64) writer.u8((format << 6) | id);
    else if (id < 320) writer.u8(format << 6).u8(id - 64);
    else
      writer
        .u8((format << 6) | 1)
        .u8((id - 64) & 0xff)
        .u8((id - 64) >> 8);
    const typeId = random.pick(typeIds);
    const payload = generatePayload(typeId, random);
    const time = random.pick(times);
    if (format < 3) writer.u24(Math.min(time, 0xffffff));
    if (format < 2) writer.u24(random.oneIn(30) ? 0xffffff : payload.length).u8(typeId);
    if (format === 0) writer.u32le(random.below(3));
    if (time >= 0xffffff && !random.oneIn(10)) writer.u32(time);
    writer.bytes(payload);
  }
  return writer.finish();
}

/** An FLV file. */
export function generateFlv(random: Random): Uint8Array {
  const writer = new ByteWriter()
    .text('FLV')
    .u8(1)
    .u8(5)
    .u32(random.oneIn(9) ? random.below(40) : 9)
    .u32(0);
  for (let i = random.below(8); i > 0; i--) {
    const type = random.pick([8, 9, 18, 15, 40]);
    const body =
      type === 18 ? generatePayload(messageTypeId.dataAmf0, random) : generateTagBody(random);
    writer
      .u8(type)
      .u24(random.oneIn(30) ? 0xffffff : body.length)
      .u24(random.below(1000));
    writer
      .u8(random.below(2))
      .u24(0)
      .bytes(body)
      .u32(body.length + 11);
  }
  return writer.finish();
}
