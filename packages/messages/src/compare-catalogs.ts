import type { Tree } from './catalog.js';

/**
 * What is wrong with a translation: keys that are missing or too many, and placeholders that are not those of the
 * original. A language with one form of a plural needs only `_other`.
 *
 * @returns a line for each fault.
 */
export function compareCatalogs(original: Tree, translation: Tree): string[] {
  const wanted = flatten(original);
  const given = flatten(translation);
  const faults: string[] = [];
  for (const [key, text] of wanted) {
    const other = given.get(key);
    if (other === undefined) {
      if (!key.endsWith('_one')) faults.push(`${key} is missing`);
      continue;
    }
    const [here, there] = [placeholders(text), placeholders(other)];
    if (here !== there) faults.push(`${key} has {${there}} where the original has {${here}}`);
  }
  for (const key of given.keys()) if (!wanted.has(key)) faults.push(`${key} is too many`);
  return faults;
}

function flatten(tree: Tree, prefix = ''): Map<string, string> {
  const all = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') all.set(prefix + key, value);
    else for (const [name, text] of flatten(value, `${prefix}${key}.`)) all.set(name, text);
  }
  return all;
}

const placeholders = (text: string): string =>
  [...new Set([...text.matchAll(/\{\{(.*?)\}\}/g)].map(([, name = '']) => name))].sort().join(', ');
