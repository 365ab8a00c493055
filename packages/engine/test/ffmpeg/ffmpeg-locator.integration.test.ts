import { execFileSync } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { english } from '../../../../test/support/english.js';
import { toErrorInfo } from '../../src/app-error.js';
import { listEncoders } from '../../src/devices/devices.js';
import { FfmpegLocator, type FfmpegLocatorOptions } from '../../src/ffmpeg/ffmpeg-locator.js';

const real = execFileSync('/bin/sh', ['-c', 'command -v ffmpeg']).toString().trim();

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallylight-locator-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** A stand-in: a shell script named ffmpeg in a folder of its own. */
async function standIn(name: string, script: string, mode = 0o755): Promise<string> {
  const path = join(folder, name, 'ffmpeg');
  await mkdir(join(folder, name));
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, mode);
  return path;
}

const find = (options: FfmpegLocatorOptions) => new FfmpegLocator(options).find();

async function reason(options: FfmpegLocatorOptions): Promise<unknown> {
  const failure = await find(options).then(
    () => undefined,
    (error: unknown) => toErrorInfo(error),
  );
  expect(failure?.code).toBe('FFMPEG_MISSING');
  return failure?.data['reason'];
}

describe('FfmpegLocator', () => {
  it('takes the one that TALLYLIGHT_FFMPEG names, and says what it is', async () => {
    const ffmpeg = await find({ env: { TALLYLIGHT_FFMPEG: real, PATH: '' } });
    expect(ffmpeg).toMatchObject({ path: real, origin: 'environment', lacks: [] });
    expect(ffmpeg.version).toMatch(/\d/);
    expect(ffmpeg.encoders.has('libx264')).toBe(true);
    expect(ffmpeg.inputs.has('lavfi')).toBe(true);
  });

  it('does not fall back when the one that TALLYLIGHT_FFMPEG names is of no use', async () => {
    const env = (path: string) => ({
      env: { TALLYLIGHT_FFMPEG: path, PATH: process.env['PATH'] },
      timeLimitMs: 500,
    });
    const absent = join(folder, 'absent');
    const told = (why: string, path: string) => ({
      reason: why,
      data: { ffmpeg: `TALLYLIGHT_FFMPEG (${path})` },
    });
    expect(await reason(env(absent))).toEqual(told('ffmpeg-cannot-run', absent));
    const other = await standIn('other', 'echo hello');
    expect(await reason(env(other))).toEqual(told('ffmpeg-is-none', other));
    const hung = await standIn('hung', 'exec sleep 60');
    expect(await reason(env(hung))).toEqual(told('ffmpeg-silent', hung));
    const locked = await standIn('locked', 'echo hello', 0o644);
    expect(await reason(env(locked))).toEqual(told('ffmpeg-cannot-run', locked));
  });

  it('says what a usable-looking one lacks', async () => {
    const bare = await standIn(
      'bare',
      `case "$*" in
        *-encoders*)
          echo 'ffmpeg version 9.9' >&2
          printf ' ------\\n V....D mpeg4   MPEG-4\\n' ;;
        *-formats*) printf ' --\\n D  flv    FLV\\n  E mp4    MP4\\n' ;;
      esac`,
    );
    expect(await reason({ env: { TALLYLIGHT_FFMPEG: bare } })).toEqual({
      reason: 'ffmpeg-lacks',
      data: { ffmpeg: bare, parts: 'libx264, aac, flv' },
    });
  });

  it('prefers the bundled one, by platform or alone, to one on PATH', async () => {
    const bundledDirectory = join(folder, 'bundle');
    const platform = join(bundledDirectory, `${process.platform}-${process.arch}`);
    await mkdir(platform, { recursive: true });
    const delegate = `#!/bin/sh\nexec ${real} "$@"\n`;
    const env = { PATH: process.env['PATH'] };
    await writeFile(join(bundledDirectory, 'ffmpeg'), delegate, { mode: 0o755 });
    expect(await find({ env, bundledDirectory })).toMatchObject({
      origin: 'bundled',
      path: join(bundledDirectory, 'ffmpeg'),
    });
    await writeFile(join(platform, 'ffmpeg'), delegate, { mode: 0o755 });
    expect((await find({ env, bundledDirectory })).path).toBe(join(platform, 'ffmpeg'));
  });

  it('passes over broken ones on PATH', async () => {
    const broken = await standIn('broken', 'exit 3');
    const working = join(folder, 'working');
    await mkdir(working);
    await writeFile(join(working, 'ffmpeg'), `#!/bin/sh\nexec ${real} "$@"\n`, { mode: 0o755 });
    const PATH = [join(broken, '..'), working].join(delimiter);
    const ffmpeg = await find({ env: { PATH } });
    // ffmpeg-static, where its download succeeded, comes before PATH.
    if (ffmpeg.origin !== 'ffmpeg-static') expect(ffmpeg.path).toBe(join(working, 'ffmpeg'));
  });

  it('looks again after a failure, and only once after a success', async () => {
    const path = join(folder, 'later', 'ffmpeg');
    const locator = new FfmpegLocator({ env: { TALLYLIGHT_FFMPEG: path } });
    await expect(locator.find()).rejects.toThrow();
    await mkdir(join(folder, 'later'));
    await writeFile(path, `#!/bin/sh\nexec ${real} "$@"\n`, { mode: 0o755 });
    const found = await locator.find();
    await copyFile('/bin/false', path);
    expect(await locator.find()).toBe(found);
  });
});

describe('listEncoders', () => {
  it('tries each, and says why one does not work', async () => {
    const ffmpeg = await find({});
    const encoders = await listEncoders(ffmpeg);
    expect(encoders).toContainEqual({ name: 'libx264', hardware: false, usable: true });
    for (const encoder of encoders) {
      expect(ffmpeg.encoders.has(encoder.name)).toBe(true);
      if (!encoder.usable) expect(english.wording(encoder.reason ?? '')).toMatch(/\w/);
    }
  });
});
