import { ByteReader } from '../bytes/byte-reader.js';
import { ByteWriter } from '../bytes/byte-writer.js';
import { MalformedError } from '../bytes/malformed-error.js';
import { AmfEcmaArray, type AmfObject, type AmfValue } from './amf-value.js';

/** AMF0 type markers, AMF0 specification §2.1. */
const marker = {
  number: 0x00,
  boolean: 0x01,
  string: 0x02,
  object: 0x03,
  null: 0x05,
  undefined: 0x06,
  ecmaArray: 0x08,
  objectEnd: 0x09,
  strictArray: 0x0a,
  date: 0x0b,
  longString: 0x0c,
  unsupported: 0x0d,
  xmlDocument: 0x0f,
  typedObject: 0x10,
} as const;

const maxDepth = 32;
/** A message of one-byte values would otherwise grow manifold in memory. */
const maxValues = 1 << 18;
const maxShortString = 0xffff;

/**
 * Parses all AMF0 values in `bytes`, in order.
 *
 * References and AMF3 values inside AMF0 are refused: no RTMP peer sends them unless asked to.
 * @throws MalformedError
 */
export function parseAmf0(bytes: Uint8Array): AmfValue[] {
  const parser = new Amf0Parser(new ByteReader(bytes));
  const values: AmfValue[] = [];
  while (!parser.atEnd) values.push(parser.value(0));
  return values;
}

/** Serializes `values` one after the other, AMF0 specification §2. */
export function serializeAmf0(values: readonly (AmfValue | AmfEcmaArray)[]): Uint8Array {
  const writer = new ByteWriter(256);
  for (const value of values) writeValue(writer, value, 0);
  return writer.finish();
}

class Amf0Parser {
  readonly #reader: ByteReader;
  #values = 0;

  constructor(reader: ByteReader) {
    this.#reader = reader;
  }

  get atEnd(): boolean {
    return this.#reader.remaining === 0;
  }

  value(depth: number): AmfValue {
    if (depth > maxDepth) throw new MalformedError('AMF0 values are nested too deeply');
    if (++this.#values > maxValues) throw new MalformedError('Too many AMF0 values');
    const reader = this.#reader;
    const type = reader.u8();
    switch (type) {
      case marker.number:
        return reader.f64();
      case marker.boolean:
        return reader.u8() !== 0;
      case marker.string:
        return reader.text(reader.u16());
      case marker.longString:
      case marker.xmlDocument:
        return reader.text(reader.u32());
      case marker.null:
        return null;
      case marker.undefined:
      case marker.unsupported:
        return undefined;
      case marker.object:
        return this.#properties(depth);
      case marker.typedObject:
        reader.skip(reader.u16());
        return this.#properties(depth);
      case marker.ecmaArray:
        // The count is only a hint, §2.10; the end marker counts.
        reader.skip(4);
        return this.#properties(depth);
      case marker.strictArray:
        return this.#strictArray(depth);
      case marker.date: {
        const date = new Date(reader.f64());
        // The time zone is reserved and should be zero, §2.13.
        reader.skip(2);
        return date;
      }
      default:
        throw new MalformedError(`AMF0 type ${type} is not supported`);
    }
  }

  #properties(depth: number): AmfObject {
    const object = Object.create(null) as AmfObject;
    // Some writers leave the end marker out when nothing follows.
    while (!this.atEnd) {
      const key = this.#reader.text(this.#reader.u16());
      if (key === '' && this.#endsHere()) return object;
      object[key] = this.value(depth + 1);
    }
    return object;
  }

  #endsHere(): boolean {
    if (this.#reader.peekU8() !== marker.objectEnd) return false;
    this.#reader.skip(1);
    return true;
  }

  #strictArray(depth: number): AmfValue[] {
    const count = this.#reader.u32();
    if (count > this.#reader.remaining) {
      throw new MalformedError('An AMF0 array claims more values than there are bytes');
    }
    const values: AmfValue[] = [];
    for (let i = 0; i < count; i++) values.push(this.value(depth + 1));
    return values;
  }
}

function writeValue(writer: ByteWriter, value: AmfValue | AmfEcmaArray, depth: number): void {
  if (depth > maxDepth) throw new MalformedError('AMF0 values are nested too deeply');
  switch (typeof value) {
    case 'number':
      writer.u8(marker.number).f64(value);
      return;
    case 'boolean':
      writer.u8(marker.boolean).u8(value ? 1 : 0);
      return;
    case 'string':
      writeString(writer, value);
      return;
    case 'undefined':
      writer.u8(marker.undefined);
      return;
    default:
      if (value === null) {
        writer.u8(marker.null);
      } else if (value instanceof Date) {
        writer.u8(marker.date).f64(value.getTime()).u16(0);
      } else if (Array.isArray(value)) {
        writer.u8(marker.strictArray).u32(value.length);
        for (const item of value) writeValue(writer, item, depth + 1);
      } else if (value instanceof AmfEcmaArray) {
        writer.u8(marker.ecmaArray).u32(Object.keys(value.entries).length);
        writeProperties(writer, value.entries, depth);
      } else {
        writer.u8(marker.object);
        writeProperties(writer, value, depth);
      }
  }
}

function writeString(writer: ByteWriter, text: string): void {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length > maxShortString) writer.u8(marker.longString).u32(bytes.length);
  else writer.u8(marker.string).u16(bytes.length);
  writer.bytes(bytes);
}

function writeProperties(writer: ByteWriter, object: Readonly<AmfObject>, depth: number): void {
  for (const [key, value] of Object.entries(object)) {
    const bytes = new TextEncoder().encode(key);
    if (bytes.length > maxShortString) throw new MalformedError('An AMF0 key is too long');
    writer.u16(bytes.length).bytes(bytes);
    writeValue(writer, value, depth + 1);
  }
  writer.u16(0).u8(marker.objectEnd);
}
