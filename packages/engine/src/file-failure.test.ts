import { reason } from '@tallylight/contract';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { whyUnreadable, whyUnwritable } from './file-failure.js';

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
