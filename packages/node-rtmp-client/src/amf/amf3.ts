import { ByteReader } from '../bytes/byte-reader.js';
import { MalformedError } from '../bytes/malformed-error.js';
import { AmfBudget } from './amf-budget.js';
import { amfClassName, type AmfEcmaArray, type AmfObject, type AmfValue } from './amf-value.js';
import { amf3Marker } from './amf3-marker.js';
import { Amf3Serializer } from './amf3-serializer.js';

/** The shape of objects of one class, §3.12. */
interface Traits {
  readonly className: string;
  readonly names: readonly string[];
  readonly isDynamic: boolean;
}

/**
 * Parses all AMF3 values in `bytes`, in order; their tables of references are common to them.
 *
 * Vectors come out as arrays, byte arrays as views, XML as its text. What only a class of its own could read
 * (externalizable objects), and dictionaries, are refused. Limits as for AMF0.
 * @throws MalformedError
 */
export function parseAmf3(bytes: Uint8Array): AmfValue[] {
  const reader = new ByteReader(bytes);
  const amf3 = new Amf3Reader(reader, new AmfBudget());
  const values: AmfValue[] = [];
  while (reader.remaining > 0) values.push(amf3.value(0));
  return values;
}

/**
 * Serializes `values` one after the other, with common tables of references.
 *
 * @throws MalformedError when values are nested more than 32 levels deep, or a key is empty.
 */
export function serializeAmf3(values: readonly (AmfValue | AmfEcmaArray)[]): Uint8Array {
  const serializer = new Amf3Serializer();
  for (const value of values) serializer.write(value, 0);
  return serializer.finish();
}

/** Reads the AMF3 values of one message, AMF3 specification §3. */
export class Amf3Reader {
  readonly #reader: ByteReader;
  readonly #budget: AmfBudget;
  readonly #strings: string[] = [];
  /** All that can be referred to but strings and traits, §2.2. XML is here as its text. */
  readonly #complex: AmfValue[] = [];
  readonly #traits: Traits[] = [];

  constructor(reader: ByteReader, budget: AmfBudget) {
    this.#reader = reader;
    this.#budget = budget;
  }

  value(depth: number): AmfValue {
    this.#budget.spendValue(depth);
    const reader = this.#reader;
    const type = reader.u8();
    switch (type) {
      case amf3Marker.undefined:
        return undefined;
      case amf3Marker.null:
        return null;
      case amf3Marker.false:
        return false;
      case amf3Marker.true:
        return true;
      case amf3Marker.integer:
        // 29 bits with a sign, §3.6.
        return (this.#u29() << 3) >> 3;
      case amf3Marker.double:
        return reader.f64();
      case amf3Marker.string:
        return this.#string();
      case amf3Marker.xmlDocument:
      case amf3Marker.xml:
        return this.#complexOf((length) => this.#remember(reader.text(length)));
      case amf3Marker.date:
        return this.#complexOf(() => this.#remember(new Date(reader.f64())));
      case amf3Marker.byteArray:
        return this.#complexOf((length) => this.#remember(reader.bytes(length)));
      case amf3Marker.array:
        return this.#complexOf((count) => this.#array(count, depth));
      case amf3Marker.object:
        return this.#complexOf((flags) => this.#object(flags, depth));
      case amf3Marker.vectorInt:
        return this.#complexOf((count) => this.#vector(count, 4, () => reader.u32() | 0));
      case amf3Marker.vectorUint:
        return this.#complexOf((count) => this.#vector(count, 4, () => reader.u32()));
      case amf3Marker.vectorDouble:
        return this.#complexOf((count) => this.#vector(count, 8, () => reader.f64()));
      case amf3Marker.vectorObject:
        return this.#complexOf((count) => this.#objectVector(count, depth));
      default:
        throw new MalformedError(`AMF3 type ${type} is not supported`);
    }
  }

  /** Seven bits a byte with a bit for "more follow", and eight in the fourth, §1.3.1. */
  #u29(): number {
    let value = 0;
    for (let i = 0; i < 3; i++) {
      const byte = this.#reader.u8();
      value = (value << 7) | (byte & 0x7f);
      if (byte < 0x80) return value;
    }
    return (value << 8) | this.#reader.u8();
  }

  #string(): string {
    const header = this.#u29();
    const argument = header >> 1;
    if ((header & 1) === 0) {
      const text = this.#strings[argument];
      if (text === undefined) throw new MalformedError('An AMF3 reference to no string');
      return text;
    }
    const text = this.#reader.text(argument);
    // The empty string is never referred to, §1.3.2.
    if (text !== '') this.#strings.push(text);
    return text;
  }

  /** What begins with a reference or, with the lowest bit set, an argument (mostly a length) for `read`. */
  #complexOf(read: (argument: number) => AmfValue): AmfValue {
    const header = this.#u29();
    const argument = header >> 1;
    if ((header & 1) === 1) return read(argument);
    if (argument >= this.#complex.length) {
      throw new MalformedError('An AMF3 reference to what is not there');
    }
    return this.#complex[argument];
  }

  #remember<Value extends AmfValue>(value: Value): Value {
    this.#complex.push(value);
    return value;
  }

  #array(count: number, depth: number): AmfValue {
    this.#checkCount(count, 1);
    this.#budget.spendContainer();
    const firstKey = this.#string();
    if (firstKey === '') {
      const values = this.#remember<AmfValue[]>([]);
      for (let i = 0; i < count; i++) values.push(this.value(depth + 1));
      return values;
    }
    // Named values first, then the numbered ones: an ECMA array.
    const object = this.#remember(Object.create(null) as AmfObject);
    this.#named(object, firstKey, depth);
    for (let i = 0; i < count; i++) object[String(i)] = this.value(depth + 1);
    return object;
  }

  /** Named values up to an empty name. */
  #named(object: AmfObject, firstKey: string, depth: number): void {
    for (let key = firstKey; key !== ''; key = this.#string()) object[key] = this.value(depth + 1);
  }

  #object(flags: number, depth: number): AmfObject {
    const traits = this.#readTraits(flags);
    this.#budget.spendContainer();
    const object = this.#remember(Object.create(null) as AmfObject);
    if (traits.className !== '') object[amfClassName] = traits.className;
    for (const name of traits.names) object[name] = this.value(depth + 1);
    if (traits.isDynamic) this.#named(object, this.#string(), depth);
    return object;
  }

  /** @param flags the header of §3.12 without its lowest bit. */
  #readTraits(flags: number): Traits {
    if ((flags & 1) === 0) {
      const traits = this.#traits[flags >> 1];
      if (traits === undefined) throw new MalformedError('An AMF3 reference to no traits');
      return traits;
    }
    if ((flags & 2) !== 0) throw new MalformedError('AMF3 content that only its class can read');
    const count = flags >> 3;
    this.#checkCount(count, 1);
    const className = this.#string();
    const names: string[] = [];
    for (let i = 0; i < count; i++) names.push(this.#string());
    const traits = { className, names, isDynamic: (flags & 4) !== 0 };
    this.#traits.push(traits);
    return traits;
  }

  #vector(count: number, size: number, read: () => number): number[] {
    // Whether its length is fixed means nothing here.
    this.#reader.skip(1);
    this.#checkCount(count, size);
    this.#budget.spendContainer();
    const values = this.#remember<number[]>([]);
    for (let i = 0; i < count; i++) values.push(read());
    return values;
  }

  #objectVector(count: number, depth: number): AmfValue[] {
    this.#reader.skip(1);
    this.#checkCount(count, 1);
    this.#budget.spendContainer();
    // The name of the elements' class; they say their own.
    this.#string();
    const values = this.#remember<AmfValue[]>([]);
    for (let i = 0; i < count; i++) values.push(this.value(depth + 1));
    return values;
  }

  #checkCount(count: number, size: number): void {
    if (count * size > this.#reader.remaining) {
      throw new MalformedError('AMF3 claims more values than there are bytes');
    }
  }
}
