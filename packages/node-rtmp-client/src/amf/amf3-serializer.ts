import { ByteWriter } from '../bytes/byte-writer.js';
import { MalformedError } from '../bytes/malformed-error.js';
import { maxAmfDepth } from './amf-budget.js';
import { amfClassName, AmfEcmaArray, type AmfObject, type AmfValue } from './amf-value.js';
import { amf3Marker } from './amf3-marker.js';

const minInteger = -(2 ** 28);
const maxInteger = 2 ** 28 - 1;
/** Of a length that shares its 29 bits with the flag that says it is no reference. */
const maxLength = 2 ** 28 - 1;
/** Traits said in full, with no sealed members and any number of dynamic ones, §3.12. */
const dynamicTraits = 0b1011;

/** Writes the AMF3 values of one message, AMF3 specification §3. Every object is dynamic. */
export class Amf3Serializer {
  readonly #writer = new ByteWriter(256);
  readonly #strings = new Map<string, number>();
  readonly #complex = new Map<object, number>();

  finish(): Uint8Array {
    return this.#writer.finish();
  }

  write(value: AmfValue | AmfEcmaArray, depth: number): void {
    if (depth > maxAmfDepth) throw new MalformedError('AMF values are nested too deeply');
    const writer = this.#writer;
    switch (typeof value) {
      case 'number':
        this.#number(value);
        return;
      case 'boolean':
        writer.u8(value ? amf3Marker.true : amf3Marker.false);
        return;
      case 'string':
        writer.u8(amf3Marker.string);
        this.#string(value);
        return;
      case 'undefined':
        writer.u8(amf3Marker.undefined);
        return;
      default:
        if (value === null) writer.u8(amf3Marker.null);
        else this.#object(value, depth);
    }
  }

  #number(value: number): void {
    const isInteger = Number.isInteger(value) && value >= minInteger && value <= maxInteger;
    if (isInteger && !Object.is(value, -0)) {
      this.#writer.u8(amf3Marker.integer);
      this.#u29(value & 0x1fffffff);
    } else {
      this.#writer.u8(amf3Marker.double).f64(value);
    }
  }

  #object(
    value: Exclude<AmfValue | AmfEcmaArray, number | boolean | string | null | undefined>,
    depth: number,
  ): void {
    const writer = this.#writer;
    writer.u8(markerOf(value));
    const index = this.#complex.get(value);
    if (index !== undefined) {
      this.#u29(index << 1);
      return;
    }
    this.#complex.set(value, this.#complex.size);
    if (value instanceof Date) {
      this.#length(0);
      writer.f64(value.getTime());
    } else if (value instanceof Uint8Array) {
      this.#length(value.length);
      writer.bytes(value);
    } else if (Array.isArray(value)) {
      this.#length(value.length);
      this.#string('');
      for (const item of value) this.write(item, depth + 1);
    } else if (value instanceof AmfEcmaArray) {
      this.#length(0);
      this.#properties(value.entries, depth);
    } else {
      this.#u29(dynamicTraits);
      this.#string(value[amfClassName] ?? '');
      this.#properties(value, depth);
    }
  }

  #properties(object: Readonly<AmfObject>, depth: number): void {
    for (const [key, value] of Object.entries(object)) {
      // It would end the properties.
      if (key === '') throw new MalformedError('An AMF3 key cannot be empty');
      this.#string(key);
      this.write(value, depth + 1);
    }
    this.#string('');
  }

  #string(text: string): void {
    const index = this.#strings.get(text);
    if (index !== undefined) {
      this.#u29(index << 1);
      return;
    }
    if (text !== '') this.#strings.set(text, this.#strings.size);
    const bytes = new TextEncoder().encode(text);
    this.#length(bytes.length);
    this.#writer.bytes(bytes);
  }

  #length(length: number): void {
    if (length > maxLength) throw new MalformedError(`AMF3 cannot say a length of ${length}`);
    this.#u29((length << 1) | 1);
  }

  #u29(value: number): void {
    const writer = this.#writer;
    if (value >= 0x200000) {
      writer
        .u8((value >>> 22) | 0x80)
        .u8((value >>> 15) | 0x80)
        .u8((value >>> 8) | 0x80)
        .u8(value);
      return;
    }
    if (value >= 0x4000) writer.u8((value >>> 14) | 0x80);
    if (value >= 0x80) writer.u8((value >>> 7) | 0x80);
    writer.u8(value & 0x7f);
  }
}

function markerOf(value: Date | Uint8Array | AmfValue[] | AmfObject | AmfEcmaArray): number {
  if (value instanceof Date) return amf3Marker.date;
  if (value instanceof Uint8Array) return amf3Marker.byteArray;
  if (Array.isArray(value) || value instanceof AmfEcmaArray) return amf3Marker.array;
  return amf3Marker.object;
}
