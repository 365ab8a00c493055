import { describe, expect, it } from 'vitest';
import { amfClassName, type AmfObject, type AmfValue } from './amf-value.js';
import { amfWeight } from './amf-weight.js';

/** Two to the power of `levels` values, for whoever walks them. */
function doubled(levels: number, looks: { count: number }): AmfValue {
  let value: AmfValue[] = [1];
  for (let i = 0; i < levels; i++) {
    const inner = value;
    value = new Proxy([inner, inner], {
      get: (target, key, receiver) => {
        if (key === Symbol.iterator) looks.count++;
        return Reflect.get(target, key, receiver) as unknown;
      },
    });
  }
  return value;
}

describe('amfWeight', () => {
  it('counts what occurs twice twice', () => {
    const twice = [1, 2];
    expect(amfWeight([twice, twice])).toBe(7);
    expect(amfWeight({ a: null, b: new Date(0) })).toBeCloseTo(3, 0);
  });

  it('looks at each array once, however often it occurs', () => {
    const looks = { count: 0 };
    expect(amfWeight(doubled(22, looks))).toBeGreaterThan(2 ** 22);
    expect(looks.count).toBe(22);
  });

  it('counts text, names and bytes by their length', () => {
    const text = 'x'.repeat(160_000);
    expect(amfWeight(text)).toBe(10_001);
    expect(amfWeight([text, text])).toBe(20_003);
    expect(amfWeight(new Uint8Array(160_000))).toBe(10_001);
    expect(amfWeight({ ['k'.repeat(16_000)]: 1 })).toBe(1002);
  });

  const nested = (levels: number): AmfValue => {
    let value: AmfValue = 1;
    for (let i = 0; i < levels; i++) value = [value];
    return value;
  };
  const loop: AmfValue[] = [];
  loop.push({ loop });
  const half = nested(20);
  let around: AmfValue = half;
  for (let i = 0; i < 20; i++) around = [around];
  const named: AmfObject = { [amfClassName]: 'ü'.repeat(0x8000) };

  it.each([
    { name: 'what contains itself', value: loop },
    { name: 'more than 32 levels', value: nested(33) },
    { name: 'levels that are many only where something occurs again', value: [half, around] },
    { name: 'a key that AMF0 cannot hold', value: { ['k'.repeat(0x10000)]: 1 } },
    { name: 'the name of a class that AMF0 cannot hold', value: named },
  ])('is without end of $name', ({ value }) => {
    expect(amfWeight(value)).toBe(Infinity);
  });

  it('is not of 32 levels', () => {
    expect(amfWeight(nested(32))).toBe(33);
  });
});
