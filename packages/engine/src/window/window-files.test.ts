import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readWindowFile, windowSecurityHeaders } from './window-files.js';

let folder: string;
let window: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallylight-window-'));
  window = join(folder, 'window');
  await mkdir(join(window, 'assets'), { recursive: true });
  await mkdir(join(folder, 'window-beside'));
  await writeFile(join(window, 'index.html'), '<!doctype html>');
  await writeFile(join(window, 'assets', 'a b.js'), 'export {};');
  await writeFile(join(window, 'notes.txt'), 'not for the window');
  await writeFile(join(folder, 'secret.json'), '{}');
  await writeFile(join(folder, 'window-beside', 'secret.json'), '{}');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const text = (body: Uint8Array | undefined) => new TextDecoder().decode(body);

describe('readWindowFile', () => {
  it('answers / with the page', async () => {
    const file = await readWindowFile(window, '/');
    expect(text(file?.body)).toBe('<!doctype html>');
    expect(file?.contentType).toContain('text/html');
  });

  it('decodes the path', async () => {
    expect(text((await readWindowFile(window, '/assets/a%20b.js'))?.body)).toBe('export {};');
  });

  it.each([
    '/../secret.json',
    '/%2e%2e/secret.json',
    '/..%2fsecret.json',
    '/assets/../../secret.json',
    '/../window-beside/secret.json',
    '/..\\secret.json',
    '/index.html%00.js',
    '/%E0%A4%A',
    '/assets',
    '/notes.txt',
    '/absent.js',
    '//etc/hosts.json',
  ])('has nothing at %s', async (pathname) => {
    expect(await readWindowFile(window, pathname)).toBeUndefined();
  });
});

it('allows no inline script and no eval', () => {
  const policy = windowSecurityHeaders['content-security-policy'];
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/'unsafe-(inline|eval)'/);
});
