/**
 * A value of the Action Message Format.
 *
 * `null` and `undefined` are different values on the wire. ECMA arrays, objects and typed objects all come out as
 * `AmfObject`; such objects have no prototype, so that a key named `__proto__` or `constructor` is only a key.
 * AMF's references make a parsed value one that may hold another twice, and even itself: `amfWeight` tells.
 */
export type AmfValue =
  number | boolean | string | Date | Uint8Array | null | undefined | AmfValue[] | AmfObject;

/** Under this symbol an object keeps the name of its class, if the sender gave it one. */
export const amfClassName: unique symbol = Symbol('AMF class name');

/** An anonymous or typed object, or an ECMA array, AMF0 §2.5, §2.10 and §2.18: its fields by name. */
export interface AmfObject {
  [key: string]: AmfValue;
  [amfClassName]?: string;
}

/** Makes the serializers write `entries` as an ECMA array, which is how players expect onMetaData. */
export class AmfEcmaArray {
  readonly entries: Readonly<AmfObject>;

  constructor(entries: Readonly<AmfObject>) {
    this.entries = entries;
  }
}

/** Whether a value is an object, an ECMA array or a typed object. */
export function isAmfObject(value: AmfValue): value is AmfObject {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Date) &&
    !(value instanceof Uint8Array)
  );
}
