import { describe, expect, it } from 'vitest';
import { citationsIn, findCitations, readRules } from './conformance/spec-table.js';

const rules = readRules();
const citations = findCitations();

describe('SPEC.md', () => {
  it('has one line for each id, with a section, a role and a rule', () => {
    const ids = rules.map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(250);
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
    for (const { id, section, role, text } of rules) {
      expect(id).toMatch(/^[A-Z][A-Z0-9]*-\d\d$/);
      expect(['client', 'server', 'both'], id).toContain(role);
      expect(section, id).toMatch(/^(RTMP|Err|URI|AMF0|AMF3|FLV|v2|usage)\b/);
      expect(text, id).toMatch(/\w.*[.)]$/);
    }
  });

  it('names for each rule a test, or the reason why there is none', () => {
    const open = rules.flatMap(({ id, files, exemption, rest }) => {
      const hasReason = exemption !== undefined && exemption.reason.length > 10;
      const isOpen = (files.length === 0 && !hasReason) || rest !== '';
      return isOpen ? [`${id}${cited(id)}`] : [];
    });
    expect(open).toEqual([]);
  });

  it('names only files with a test that cites the rule', () => {
    const wrong = rules.flatMap(({ id, files }) =>
      files
        .filter((file) => !citations.some((c) => c.id === id && c.file === file))
        .map((file) => `${id} is not cited in ${file}${cited(id)}`),
    );
    expect(wrong).toEqual([]);
  });

  it('has every rule that a test cites, and none of them as not applicable', () => {
    const byId = new Map(rules.map((rule) => [rule.id, rule]));
    const wrong = citations.filter(({ id }) => {
      const rule = byId.get(id);
      return rule === undefined || rule.exemption?.kind === 'not applicable';
    });
    expect(wrong).toEqual([]);
  });
});

/** Helps whoever has to fill the last column. */
function cited(id: string): string {
  const files = new Set(citations.flatMap((c) => (c.id === id ? [`\`${c.file}\``] : [])));
  return files.size === 0 ? '' : ` (cited in ${[...files].join(', ')})`;
}

describe('citations', () => {
  const idsIn = (source: string) => citationsIn('a.test.ts', source).map(({ id }) => id);

  it.each([
    [`it('[A-01] does', f)`, ['A-01']],
    [`describe('[A-01, B-02] all', f)`, ['A-01', 'B-02']],
    ['test(`[A-01] and ${x} [B-02]`, f)', ['A-01', 'B-02']],
    [`it.skipIf(windows)('[A-01] does', f)`, ['A-01']],
    [`it.each([1, 2])('[A-01] %i', f)`, ['A-01']],
    [`it.each([['[A-01] one', 1], ['[B-02] two', 2]])('%s', f)`, ['A-01', 'B-02']],
    [`const t = [{ name: '[A-01] one' }]; describe.each(t)('$name', f)`, ['A-01']],
    [`it.each([{ name: '[A-01] one' }])('$name', f)`, ['A-01']],
  ])('are found in %s', (source, ids) => expect(idsIn(source)).toEqual(ids));

  it.each([
    `// it('[A-01] does', f)`,
    `it.skip('[A-01] does', f)`,
    `describe.skip('[A-01] does', f)`,
    `it.todo('[A-01] does')`,
    `it('does', () => { throw new Error('[A-01]'); })`,
    `it('an array[A-1]th', f)`,
  ])('are not found in %s', (source) => expect(idsIn(source)).toEqual([]));
});
