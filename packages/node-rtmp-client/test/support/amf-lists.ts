import fc from 'fast-check';
import type { AmfValue } from '../../src/amf/amf-value.js';

/** Lists of values that come back as they were from AMF0 and from AMF3. @param more what only one of them has. */
export function amfLists(...more: readonly fc.Arbitrary<AmfValue>[]): fc.Arbitrary<AmfValue[]> {
  const { value } = fc.letrec<{ value: AmfValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.double({ noNaN: true }),
      fc.boolean(),
      fc.string({ unit: 'grapheme' }),
      fc.constant(null),
      fc.constant(undefined),
      ...more,
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(fc.string({ minLength: 1 }), tie('value'), {
        maxKeys: 4,
        noNullPrototype: false,
      }),
    ),
  }));
  return fc.array(value, { maxLength: 5 });
}
