import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecordingStatus } from '@tallylight/contract';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createLogger } from '../logger.js';
import { RecordingList } from './recording-list.js';

let dataDirectory: string;

beforeEach(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), 'tallylight-list-'));
});

afterEach(() => rm(dataDirectory, { recursive: true, force: true }));

const open = () =>
  new RecordingList({
    dataDirectory,
    logger: createLogger({ level: 'silent' }),
    onNotice: () => undefined,
  });

const status = (path: string, patch: Partial<RecordingStatus>): RecordingStatus => ({
  ...{ type: 'recording', reach: 'local', id: path, name: path, path, bytes: 0, state: 'live' },
  ...patch,
});

const note = (list: RecordingList, ...statuses: RecordingStatus[]) => {
  for (const each of statuses) list.note({ outputs: [each] });
};

it('still has in another run what broke off with its process, whose size the disk tells', async () => {
  const path = join(dataDirectory, 'show.mp4');
  const first = open();
  note(first, status(path, {}));
  expect(await first.recordings()).toEqual([]);
  await writeFile(path, '1234567');
  await first.close();
  expect(await open().recordings()).toEqual([
    { type: 'recording', path, name: 'show.mp4', files: 1, bytes: 7 },
  ]);
});

it('has what is finished, and nothing of a file that was never ours or has no frame', async () => {
  const list = open();
  const path = join(dataDirectory, 'show.mp4');
  const otherPaths = [join(dataDirectory, 'show-2.mp4')];
  await Promise.all([path, ...otherPaths].map((file) => writeFile(file, '12345')));
  const refused = status('/there/already.mp4', { state: 'failed' });
  note(list, refused, status('/empty.mp4', {}), status('/empty.mp4', { state: 'stopped' }));
  note(
    list,
    status(path, {}),
    status(path, { state: 'stopped', bytes: 10, durationMs: 900, otherPaths }),
  );
  expect(list.has('/there/already.mp4')).toBe(false);
  expect(await list.recordings()).toEqual([
    { type: 'recording', path, name: 'show.mp4', files: 2, bytes: 10, durationMs: 900 },
  ]);
  await list.close();
});

it('keeps the last twenty, the newest first, beside those of another process', async () => {
  const [list, other] = [open(), open()];
  for (let n = 1; n <= 21; n++) list.noteReplay({ path: `/r${n}.mp4`, bytes: 1, durationMs: n });
  await list.close();
  other.noteReplay({ path: '/other.mp4', bytes: 1, durationMs: 1 });
  await other.close();
  const paths = (await open().recordings()).map(({ path }) => path);
  expect(paths).toHaveLength(20);
  expect(paths.slice(0, 2)).toEqual(['/other.mp4', '/r21.mp4']);
});
