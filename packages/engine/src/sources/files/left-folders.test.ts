import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { makeOwnedFolder, removeLeftFolders } from './left-folders.js';

it('folders of processes that are gone are removed, those of running ones and of others stay', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'tallylight-left-'));
  try {
    const own = basename(await makeOwnedFolder(parent));
    const gone = spawn(process.execPath, ['--eval', '']);
    await once(gone, 'exit');
    const of = (pid: number | undefined): string => own.replace(`-${process.pid}-`, `-${pid}-`);
    const left = of(gone.pid);
    // The init process belongs to somebody else, or to the administrator who runs this.
    const others = [
      of(1),
      'tallylight-files-',
      `tallylight-files-elsewhere.example-${gone.pid}-abc`,
    ];
    for (const name of [left, ...others]) await writeFile(join(parent, name), 'a film');
    await removeLeftFolders(parent);
    expect((await readdir(parent)).sort()).toEqual([own, ...others].sort());
  } finally {
    await rm(parent, { recursive: true });
  }
});

it('where folders cannot be listed, nothing is removed and nothing fails', async () => {
  await removeLeftFolders(join(tmpdir(), 'no-such-folder-of-tallylight'));
});
