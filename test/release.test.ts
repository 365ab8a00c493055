import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly workspaces?: string[];
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
}

const manifestIn = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;

const main = manifestIn('.');
const workspaces = (main.workspaces ?? [])
  .flatMap((pattern) =>
    pattern.endsWith('/*')
      ? readdirSync(join(root, pattern.slice(0, -2))).map((name) => pattern.replace('*', name))
      : [pattern],
  )
  .filter((folder) => existsSync(join(root, folder, 'package.json')))
  .map(manifestIn);

/** The headings of the changelog's versions, newest first. */
const headings = readFileSync(join(root, 'CHANGELOG.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('## '));

it('the changelog begins with what is unreleased, then has a dated section for each version, newest first', () => {
  expect(headings[0]).toBe('## [Unreleased]');
  const versions = headings.slice(1).map((heading) => {
    expect(heading).toMatch(/^## \[\d+\.\d+\.\d+\] - \d{4}-\d{2}-\d{2}$/);
    return (/\[(.*)\]/.exec(heading)?.[1] ?? '').split('.').map(Number);
  });
  expect(versions.length).toBeGreaterThan(0);
  const newestFirst = versions.toSorted((a, b) => {
    const part = a.findIndex((number, index) => number !== b[index]);
    return (b[part] ?? 0) - (a[part] ?? 0);
  });
  expect(versions).toEqual(newestFirst);
});

it('the newest version of the changelog is that of every package', () => {
  expect(headings[1]).toContain(`[${main.version}]`);
  expect(workspaces.length).toBeGreaterThan(5);
  for (const { name, version } of workspaces) {
    expect({ name, version }).toEqual({ name, version: main.version });
  }
});

it('packages ask for each other in that version', () => {
  const ours = new Set(workspaces.map(({ name }) => name));
  const asked = workspaces.flatMap(({ name, dependencies, devDependencies }) =>
    Object.entries({ ...dependencies, ...devDependencies })
      .filter(([dependency]) => ours.has(dependency))
      .map(([dependency, version]) => ({ name, dependency, version })),
  );
  expect(asked.length).toBeGreaterThan(0);
  expect(asked.filter(({ version }) => version !== main.version)).toEqual([]);
});
