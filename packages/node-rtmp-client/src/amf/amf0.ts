import { ByteReader } from '../bytes/byte-reader.js';
import { ByteWriter } from '../bytes/byte-writer.js';
import { MalformedError } from '../bytes/malformed-error.js';
import { AmfBudget, maxAmfDepth } from './amf-budget.js';
import { amfClassName, AmfEcmaArray, type AmfObject, type AmfValue } from './amf-value.js';
import { Amf3Reader, serializeAmf3 } from './amf3.js';

/** AMF0 type markers, AMF0 specification §2.1. */
const marker = {
  number: 0x00,
  boolean: 0x01,
  string: 0x02,
  object: 0x03,
  null: 0x05,
  undefined: 0x06,
  reference: 0x07,
  ecmaArray: 0x08,
  objectEnd: 0x09,
  strictArray: 0x0a,
  date: 0x0b,
  longString: 0x0c,
  unsupported: 0x0d,
  xmlDocument: 0x0f,
  typedObject: 0x10,
  amf3: 0x11,
} as const;

const maxShortString = 0xffff;
const maxReference = 0xffff;

/**
 * Parses all AMF0 values in `bytes`, in order; references, and AMF3 values behind their marker, included.
 *
 * XML comes out as its text. Limits: 32 levels, and 262,144 values of which an object or array counts as nine.
 * @throws MalformedError
 */
export function parseAmf0(bytes: Uint8Array): AmfValue[] {
  return parseAmf0Within(bytes, new AmfBudget());
}

/** As {@link parseAmf0}, where the limits are for more than `bytes`. */
export function parseAmf0Within(bytes: Uint8Array, budget: AmfBudget): AmfValue[] {
  const parser = new Amf0Parser(new ByteReader(bytes), budget);
  const values: AmfValue[] = [];
  while (!parser.atEnd) values.push(parser.value(0));
  return values;
}

/**
 * Serializes `values` one after the other, AMF0 specification §2. What occurs again, or within itself, becomes a
 * reference, §2.9; bytes, for which AMF0 has no type, become an AMF3 byte array behind its marker.
 *
 * @throws MalformedError when values are nested more than 32 levels deep.
 */
export function serializeAmf0(values: readonly (AmfValue | AmfEcmaArray)[]): Uint8Array {
  const serializer = new Amf0Serializer();
  for (const value of values) serializer.write(value, 0);
  return serializer.finish();
}

class Amf0Parser {
  readonly #reader: ByteReader;
  readonly #budget: AmfBudget;
  readonly #amf3: Amf3Reader;
  /** Objects and arrays in the order in which they began; a reference is an index into them, §2.9. */
  readonly #complex: (AmfValue[] | AmfObject)[] = [];

  constructor(reader: ByteReader, budget: AmfBudget) {
    this.#reader = reader;
    this.#budget = budget;
    this.#amf3 = new Amf3Reader(reader, budget);
  }

  get atEnd(): boolean {
    return this.#reader.remaining === 0;
  }

  value(depth: number): AmfValue {
    this.#budget.spendValue(depth);
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
      case marker.reference:
        return this.#reference();
      case marker.object:
        return this.#properties(depth);
      case marker.typedObject:
        return this.#properties(depth, reader.text(reader.u16()));
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
      case marker.amf3:
        return this.#amf3.value(depth);
      default:
        throw new MalformedError(`AMF0 type ${type} is not supported`);
    }
  }

  #reference(): AmfValue {
    const value = this.#complex[this.#reader.u16()];
    if (value === undefined) throw new MalformedError('An AMF0 reference to what is not there');
    return value;
  }

  #properties(depth: number, className?: string): AmfObject {
    this.#budget.spendContainer();
    const object = Object.create(null) as AmfObject;
    this.#complex.push(object);
    if (className !== undefined) object[amfClassName] = className;
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
    this.#budget.spendContainer();
    const values: AmfValue[] = [];
    this.#complex.push(values);
    for (let i = 0; i < count; i++) values.push(this.value(depth + 1));
    return values;
  }
}

class Amf0Serializer {
  readonly #writer = new ByteWriter(256);
  readonly #written = new Map<object, number>();

  finish(): Uint8Array {
    return this.#writer.finish();
  }

  write(value: AmfValue | AmfEcmaArray, depth: number): void {
    if (depth > maxAmfDepth) throw new MalformedError('AMF values are nested too deeply');
    const writer = this.#writer;
    switch (typeof value) {
      case 'number':
        writer.u8(marker.number).f64(value);
        return;
      case 'boolean':
        writer.u8(marker.boolean).u8(value ? 1 : 0);
        return;
      case 'string':
        this.#string(value);
        return;
      case 'undefined':
        writer.u8(marker.undefined);
        return;
      default:
        if (value === null) {
          writer.u8(marker.null);
        } else if (value instanceof Date) {
          writer.u8(marker.date).f64(value.getTime()).u16(0);
        } else if (value instanceof Uint8Array) {
          writer.u8(marker.amf3).bytes(serializeAmf3([value]));
        } else if (!this.#reference(value)) {
          this.#complex(value, depth);
        }
    }
  }

  /** Writes a reference if `value` has been written, or begun, before. */
  #reference(value: AmfValue[] | AmfObject | AmfEcmaArray): boolean {
    const index = this.#written.get(value);
    if (index === undefined) {
      this.#written.set(value, this.#written.size);
      return false;
    }
    if (index > maxReference) return false;
    this.#writer.u8(marker.reference).u16(index);
    return true;
  }

  #complex(value: AmfValue[] | AmfObject | AmfEcmaArray, depth: number): void {
    const writer = this.#writer;
    if (Array.isArray(value)) {
      writer.u8(marker.strictArray).u32(value.length);
      // Not forEach or map: they pass over gaps.
      for (const item of value) this.write(item, depth + 1);
    } else if (value instanceof AmfEcmaArray) {
      writer.u8(marker.ecmaArray).u32(Object.keys(value.entries).length);
      this.#properties(value.entries, depth);
    } else {
      const className = value[amfClassName];
      if (className === undefined) {
        writer.u8(marker.object);
      } else {
        writer.u8(marker.typedObject);
        this.#shortString(className);
      }
      this.#properties(value, depth);
    }
  }

  #string(text: string): void {
    const bytes = new TextEncoder().encode(text);
    if (bytes.length > maxShortString) this.#writer.u8(marker.longString).u32(bytes.length);
    else this.#writer.u8(marker.string).u16(bytes.length);
    this.#writer.bytes(bytes);
  }

  #shortString(text: string): void {
    const bytes = new TextEncoder().encode(text);
    if (bytes.length > maxShortString) throw new MalformedError('An AMF0 key is too long');
    this.#writer.u16(bytes.length).bytes(bytes);
  }

  #properties(object: Readonly<AmfObject>, depth: number): void {
    for (const [key, value] of Object.entries(object)) {
      this.#shortString(key);
      this.write(value, depth + 1);
    }
    this.#writer.u16(0).u8(marker.objectEnd);
  }
}
