import { reason } from '@tallylight/contract';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { whyNoNewFile, whyUnreadable, whyUnwritable } from './file-failure.js';

test('knows what the system says in codes, and repeats what it does not know', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tallylight-failure-'));
  try {
    const caught = (error: unknown): unknown => error;
    const absent = join(folder, 'absent', 'file');
    expect(whyUnreadable(await readFile(absent).catch(caught))).toEqual(reason('no-such-file'));
    expect(whyUnwritable(await writeFile(absent, '').catch(caught))).toEqual(
      reason('no-such-folder'),
    );
    expect(whyUnreadable(await readFile(folder).catch(caught))).toEqual(reason('is-folder'));
  } finally {
    await rm(folder, { recursive: true });
  }
  expect(whyUnwritable(new Error('the disk is too slow'))).toBe('the disk is too slow');
  expect(whyUnwritable('gone')).toBe('gone');
});

test('knows where no new file can be made, and leaves none behind', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tallylight-failure-'));
  try {
    await writeFile(join(folder, 'there.flv'), 'precious');
    expect(await whyNoNewFile(join(folder, 'new.flv'))).toBeUndefined();
    expect(await whyNoNewFile(join(folder, 'there.flv'))).toEqual(reason('file-exists'));
    expect(await whyNoNewFile(folder)).toEqual(reason('is-folder'));
    expect(await whyNoNewFile(join(folder, 'no', 'new.flv'))).toEqual(reason('no-such-folder'));
    expect(await readdir(folder)).toEqual(['there.flv']);
    expect(await readFile(join(folder, 'there.flv'), 'utf8')).toBe('precious');
    if (existsSync('/proc/self')) {
      expect(await whyNoNewFile('/proc/new.flv')).toEqual(reason('no-file-made-there'));
    }
    if (existsSync('/dev/null')) expect(await whyNoNewFile('/dev/null')).toBeUndefined();
  } finally {
    await rm(folder, { recursive: true });
  }
});
