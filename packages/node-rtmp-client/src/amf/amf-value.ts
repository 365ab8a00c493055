/**
 * A value of the Action Message Format, AMF0.
 *
 * `null` and `undefined` are different values on the wire. ECMA arrays, objects and typed objects all come out as
 * `AmfObject`; such objects have no prototype, so that a key named `__proto__` or `constructor` is only a key.
 */
export type AmfValue = number | boolean | string | Date | null | undefined | AmfValue[] | AmfObject;

export interface AmfObject {
  [key: string]: AmfValue;
}

/** Makes `serializeAmf0` write `entries` as an ECMA array, which is how players expect onMetaData. */
export class AmfEcmaArray {
  readonly entries: Readonly<AmfObject>;

  constructor(entries: Readonly<AmfObject>) {
    this.entries = entries;
  }
}

export function isAmfObject(value: AmfValue): value is AmfObject {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
  );
}
