import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const packageRoot = join(dirname(fileURLToPath(import.meta.url)), '../..');
const repositoryRoot = join(packageRoot, '../..');

/** One line of SPEC.md. */
export interface Rule {
  readonly id: string;
  readonly section: string;
  readonly role: string;
  readonly text: string;
  /** Test files that are said to show it, as SPEC.md names them. */
  readonly files: readonly string[];
  /** Why there is no test of it, or why we do otherwise. */
  readonly exemption: { readonly kind: string; readonly reason: string } | undefined;
  /** What stands in the last column and is neither. */
  readonly rest: string;
}

/** "deliberately not, for a part of it: reason" */
const exemptionPattern = /(not applicable|deliberately not)[^:`]*: *(.*)$/;

export function readRules(markdown = readFileSync(join(packageRoot, 'SPEC.md'), 'utf8')): Rule[] {
  const rows = markdown.split('\n').filter((line) => /^\| [A-Z0-9]+-\d/.test(line));
  return rows.map((row) => {
    const cells = row.split('|').map((cell) => cell.trim());
    const [, id = '', section = '', role = '', text = '', shown = ''] = cells;
    if (cells.length !== 7) throw new Error(`SPEC.md: ${id} has ${cells.length - 2} columns`);
    const exemption = exemptionPattern.exec(shown);
    const list = shown.replace(exemptionPattern, '');
    return {
      id,
      section,
      role,
      text,
      files: Array.from(list.matchAll(/`([^`]+)`/g), ([, file = '']) => file),
      exemption:
        exemption === null ? undefined : { kind: exemption[1] ?? '', reason: exemption[2] ?? '' },
      rest: list.replace(/`[^`]+`/g, '').replace(/[\s,;]+/g, ''),
    };
  });
}

/** A name of a test that says which rules it shows. */
export interface Citation {
  readonly id: string;
  /** As SPEC.md names it: within this package from its root, else from the repository's. */
  readonly file: string;
  readonly name: string;
}

/** What these tests themselves are made of looks like citations. */
const own = 'test/spec.unit.test.ts';

/** All citations in the names of the repository's tests, without running them. Skipped tests show nothing. */
export function findCitations(): Citation[] {
  const folders = ['packages', 'cli', 'electron', 'renderer', 'e2e', 'test'];
  return folders
    .flatMap((folder) => listFiles(join(repositoryRoot, folder)))
    .map((path) => ({ path, file: nameOf(path) }))
    .filter(({ file }) => file !== own)
    .flatMap(({ path, file }) => citationsIn(file, readFileSync(path, 'utf8')));
}

function listFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      return ['node_modules', 'dist'].includes(entry.name) ? [] : listFiles(path);
    }
    return /(\.(test|spec)\.tsx?|\/fixtures\/.*\.ts)$/.test(path) ? [path] : [];
  });
}

function nameOf(path: string): string {
  const within = relative(packageRoot, path);
  return within.startsWith('..') ? relative(repositoryRoot, path) : within;
}

const citationPattern = /\[([A-Z][A-Z0-9]*-\d\d(?:, *[A-Z][A-Z0-9]*-\d\d)*)\]/g;

/**
 * Names are the first argument of `it`, `test` and `describe` in whatever form, the tables behind their `each`, and the
 * `name` of an entry in a table that several tests go through.
 */
export function citationsIn(file: string, source: string): Citation[] {
  if (source.search(citationPattern) < 0) return [];
  const found: Citation[] = [];
  const take = (name: string): void => {
    for (const [, ids = ''] of name.matchAll(citationPattern)) {
      for (const id of ids.split(',')) found.push({ id: id.trim(), file, name });
    }
  };
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const callee = calleeOf(node);
      if (callee !== undefined) {
        if (/\.(skip|todo)\b/.test(callee)) return;
        for (const argument of node.arguments) {
          if (callee.endsWith('.each')) forEachText(argument, take);
          else if (isText(argument)) take(argument.getText());
        }
      }
    } else if (ts.isPropertyAssignment(node) && node.name.getText() === 'name') {
      if (isText(node.initializer)) take(node.initializer.getText());
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true));
  return found;
}

/** "it.each" and the like; undefined for calls of anything else. */
function calleeOf(call: ts.CallExpression): string | undefined {
  const parts: string[] = [];
  let at: ts.Expression = call.expression;
  for (;;) {
    if (ts.isPropertyAccessExpression(at)) {
      parts.unshift(at.name.text);
      at = at.expression;
    } else if (ts.isCallExpression(at)) {
      // What `each` or `skipIf` returned: a name follows, not a table.
      parts.unshift('()');
      at = at.expression;
    } else break;
  }
  if (!ts.isIdentifier(at) || !['it', 'test', 'describe'].includes(at.text)) return undefined;
  return [at.text, ...parts].join('.');
}

const isText = (node: ts.Node): boolean =>
  ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);

function forEachText(node: ts.Node, take: (text: string) => void): void {
  // Entries of a table are taken by their `name`, wherever the table stands.
  if (ts.isObjectLiteralExpression(node)) return;
  if (isText(node)) take(node.getText());
  ts.forEachChild(node, (child) => forEachText(child, take));
}
