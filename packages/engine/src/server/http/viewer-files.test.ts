import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sendViewerFile, viewerFileNames, viewerFiles } from './viewer-files.js';

let server: Server;
let address = '';
const files = viewerFiles();

beforeAll(async () => {
  server = createServer((request, response) => {
    void sendViewerFile(files, request.url ?? '/', request, response).then((isThere) => {
      if (!isThere) response.writeHead(404).end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

test('gives out every file of the page, and the players that it loads', async () => {
  const folder = fileURLToPath(new URL('../../../assets/viewer/', import.meta.url));
  const there = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = there
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => `${parentPath}/${name}`.slice(folder.length));
  expect(names.map((name) => name.split(sep).join('/').replace(/^\/+/, '')).sort()).toEqual(
    [...viewerFileNames].sort(),
  );
  for (const path of files.paths.keys()) {
    const response = await fetch(`${address}${path}`);
    expect([path, response.status]).toEqual([path, 200]);
    expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(100);
  }
});

test('sends a player compressed, and not again to whoever has it', async () => {
  const path = `${address}/viewer/dash.js`;
  const plain = await fetch(path, { headers: { 'accept-encoding': 'identity' } });
  const packed = await fetch(path, { headers: { 'accept-encoding': 'gzip, br' } });
  expect(packed.headers.get('content-encoding')).toBe('gzip');
  const [whole, sent] = [plain, packed].map((each) => Number(each.headers.get('content-length')));
  expect(sent).toBeLessThan((whole ?? 0) / 2);
  expect(await packed.text()).toBe(await plain.text());
  const tag = packed.headers.get('etag') ?? '';
  const again = await fetch(path, { headers: { 'if-none-match': tag } });
  expect([again.status, await again.text()]).toEqual([304, '']);
  const head = await fetch(path, { method: 'HEAD' });
  expect([head.status, await head.text()]).toEqual([200, '']);
});

test('lets the player page be framed by any page, and the list by none', async () => {
  const policy = async (path: string) =>
    (await fetch(`${address}${path}`)).headers.get('content-security-policy');
  expect(await policy('/player.html')).toContain('frame-ancestors *');
  expect(await policy('/')).toContain("frame-ancestors 'none'");
});

test('a page has a tag of its own in each language', async () => {
  const get = (headers: Record<string, string>) => fetch(address, { headers });
  const english = await get({ 'accept-language': 'en' });
  const tag = english.headers.get('etag') ?? '';
  expect((await get({ 'accept-language': 'en', 'if-none-match': tag })).status).toBe(304);
  const chinese = await get({ 'accept-language': 'zh-CN', 'if-none-match': tag });
  expect([chinese.status, (await chinese.text()).includes('lang="zh-CN"')]).toEqual([200, true]);
});
