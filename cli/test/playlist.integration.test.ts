import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { RtmpServer } from 'node-rtmp-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeFilm } from '../../packages/engine/test/support/films.js';
import { runCli } from './run-cli.js';

let folder = '';
let publications = 0;
const server = new RtmpServer({
  async onPublish(publication) {
    publications += 1;
    publication.accept();
    const items = publication.items[Symbol.asyncIterator]();
    // Nobody looks at what comes; it is only taken.
    while ((await items.next()).done !== true);
  },
});
let url = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallylight-cli-playlist-'));
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
  url = `rtmp://127.0.0.1:${port}/live/list`;
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

test('files and playlists go out in order; one that is not there is said, and the exit code tells', async () => {
  const film = { fps: 25, seconds: 1, sound: 48_000 };
  const a = await makeFilm(folder, { ...film, name: 'a.mp4', size: '320x180' });
  const b = await makeFilm(folder, { ...film, name: 'b.mp4', size: '426x240' });
  const list = join(folder, 'list.m3u');
  await writeFile(list, '#EXTM3U\nabsent.mp4\nb.mp4\n');
  const { code, stderr, summary } = await runCli([
    ...['publish', '--source', `file:${a}`, '--source', `playlist:${list}`, '--copy'],
    ...['--to', url, '--json', '--lang', 'en'],
  ]);
  expect(code, stderr).toBe(7);
  expect(stderr).toContain(
    `✗ The file ${join(folder, 'absent.mp4')} cannot be read: there is no such file.\n  What comes behind it`,
  );
  expect(stderr).toContain(`File 1 of 3: ${a}\n`);
  expect(stderr).toContain(`File 3 of 3: ${b}\n`);
  expect(stderr).toContain('1 file was left out');
  expect(summary).toMatchObject({
    video: { frames: 50 },
    lastError: { code: 'FILE_UNREADABLE' },
    failedFiles: [{ code: 'FILE_UNREADABLE' }],
  });
});

test('what cannot be sent as it is, or is no list of files, is named before anything is sent', async () => {
  const before = publications;
  const film = await makeFilm(folder, { name: 'c.mkv', size: '320x180', fps: 25, seconds: 1 });
  const other = join(folder, 'd.webm');
  await promisify(execFile)('ffmpeg', [
    ...['-v', 'error', '-f', 'lavfi', '-i', 'testsrc=d=0.2:s=160x90', '-c:v', 'libvpx', other],
  ]);
  const list = join(folder, 'nothing.m3u');
  await writeFile(list, '# nothing\n');
  const run = (source: string) =>
    runCli([
      ...['publish', '--source', `file:${film}`, '--source', source, '--copy', '--to', url],
      ...['--lang', 'en'],
    ]);
  const [foreign, empty, mixed] = await Promise.all([
    run(`file:${other}`),
    run(`playlist:${list}`),
    run('test'),
  ]);
  expect(foreign.code, foreign.stderr).toBe(5);
  expect(foreign.stderr).toContain(`${other} holds vp8, which cannot be sent as it is.`);
  expect(empty.code, empty.stderr).toBe(5);
  expect(empty.stderr).toContain(`${list} cannot be read: it names no file.`);
  expect(mixed.code, mixed.stderr).toBe(2);
  expect(mixed.stderr).toContain('played one after the other');
  expect(publications).toBe(before);
});
