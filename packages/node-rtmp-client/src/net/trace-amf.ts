import { isAmfObject, type AmfValue } from '../amf/amf-value.js';
import type { Redactor } from '../redact/redactor.js';

/** So that a line stays one that can be read, whatever a peer sends. */
const maxLength = 1_000;
const maxText = 200;
const maxDepth = 4;

/** AMF values as JSON would have them, shortened, without secrets and without what would upset a terminal. */
export function traceAmf(values: readonly AmfValue[], redactor: Redactor): string {
  let left = maxLength;
  const say = (text: string): string => {
    left -= text.length;
    return text;
  };
  const text = (value: string): string => {
    const clean = redactor.redact(value);
    return say(JSON.stringify(clean.length > maxText ? `${clean.slice(0, maxText)}…` : clean));
  };
  const list = (parts: Iterable<string>): string => {
    const shown: string[] = [];
    for (const part of parts) {
      shown.push(part);
      if (left > 0) continue;
      shown.push('…');
      break;
    }
    return shown.join(', ');
  };
  function* each(all: readonly AmfValue[], depth: number): Generator<string> {
    for (const value of all) yield show(value, depth);
  }
  function* fields(object: Readonly<Record<string, AmfValue>>, depth: number): Generator<string> {
    for (const [name, value] of Object.entries(object))
      yield `${text(name)}: ${show(value, depth)}`;
  }
  const show = (value: AmfValue, depth: number): string => {
    if (typeof value === 'string') return text(value);
    if (value instanceof Date) return say(`Date(${value.getTime()})`);
    if (value instanceof Uint8Array) return say(`${value.length} bytes`);
    if (typeof value !== 'object' || value === null) return say(String(value));
    if (depth === maxDepth) return say('…');
    if (isAmfObject(value)) return `{${list(fields(value, depth + 1))}}`;
    return `[${list(each(value, depth + 1))}]`;
  };
  return list(each(values, 0));
}
