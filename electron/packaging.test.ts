import { Ajv } from 'ajv';
import scheme from 'app-builder-lib/scheme.json' with { type: 'json' };
import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Configuration {
  [name: string]: unknown;
  readonly mac: Record<string, unknown> & { extendInfo: Record<string, string> };
  readonly win: Record<string, unknown>;
  readonly linux: Record<string, unknown>;
  readonly electronFuses: Record<string, boolean>;
  readonly files: string[];
  readonly beforePack: string;
  readonly extraResources: { from: string; to: string }[];
}

let configuration: Configuration;
let validate: (value: unknown) => unknown;

beforeAll(async () => {
  configuration = parse(
    await readFile(join(root, 'electron-builder.yml'), 'utf8'),
  ) as Configuration;
  // The schema has keywords of its own, which say how to describe errors.
  const ajv = new Ajv({ strict: false, allErrors: true });
  const check = ajv.compile(scheme);
  validate = (value) => (check(value) ? [] : check.errors);
});

describe('electron-builder.yml', () => {
  it('is what electron-builder’s schema asks for', () => {
    expect(validate(configuration)).toEqual([]);
  });

  it.each([
    ['an unknown key', { hardenedRuntimes: true }],
    ['an unknown target', { linux: { target: [{ target: 'deb', arch: ['x65'] }] } }],
    ['a fuse that is none', { electronFuses: { runAsNod: false } }],
    ['a text where a truth is due', { mac: { hardenedRuntime: 'yes' } }],
  ])('would not pass with %s', (_what, mistake) => {
    expect(validate({ ...configuration, ...mistake })).not.toEqual([]);
  });

  it('names files that exist', async () => {
    const { mac, win, linux } = configuration;
    const named = [mac['icon'], win['icon'], linux['icon'], mac['entitlements']] as string[];
    for (const path of [...named, configuration.beforePack, 'assets/icon-512.png']) {
      expect((await stat(join(root, path))).isFile()).toBe(true);
    }
  });

  it('asks macOS for camera, microphone and system sound in words', () => {
    expect(Object.keys(configuration.mac.extendInfo)).toEqual([
      'NSCameraUsageDescription',
      'NSMicrophoneUsageDescription',
      'NSAudioCaptureUsageDescription',
    ]);
  });

  it('ships ffmpeg and the licences beside the archive', () => {
    expect(configuration.extraResources).toEqual([
      { from: 'native-bin/${platform}-${arch}', to: 'native-bin' },
      { from: 'assets/licences', to: 'licences' },
    ]);
  });

  it('switches off what Electron allows and we do not use', () => {
    expect(configuration.electronFuses).toMatchObject({
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      grantFileProtocolExtraPrivileges: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
    });
  });
});

describe('staging ffmpeg', () => {
  const host = `${process.platform}-${process.arch}`;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tallylight-stage-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const stage = (...args: string[]): Promise<{ ok: boolean; output: string }> =>
    new Promise((resolve) => {
      const script = join(root, 'scripts/stage-native-bin.mjs');
      const all = [script, '--output', folder, ...args];
      execFile(process.execPath, all, (error, stdout, stderr) =>
        resolve({ ok: error === null, output: stdout + stderr }),
      );
    });

  /** A PE file for x64, as far as its headers go. */
  const windowsProgram = (): Buffer => {
    const bytes = Buffer.alloc(512);
    bytes.write('MZ');
    bytes.writeUInt32LE(0x80, 0x3c);
    bytes.write('PE', 0x80);
    bytes.writeUInt16LE(0x8664, 0x84);
    return bytes;
  };

  it('takes another system’s program without running it, and says where it came from', async () => {
    const from = join(folder, 'given.exe');
    await writeFile(from, windowsProgram());
    const args = ['--platform', 'win32', '--arch', 'x64', '--from', from];
    expect(await stage(...args)).toMatchObject({ ok: true });
    const staged = join(folder, 'win32-x64');
    expect(await readFile(join(staged, 'ffmpeg.exe'))).toEqual(windowsProgram());
    expect(await readFile(join(staged, 'ORIGIN.txt'), 'utf8')).toMatch(/SHA-256 \w{64}/);
    await rm(staged, { recursive: true });
  });

  it('refuses a program for another system', async () => {
    const from = join(folder, 'given.exe');
    await writeFile(from, windowsProgram());
    const { ok, output } = await stage('--platform', 'darwin', '--arch', 'arm64', '--from', from);
    expect(ok).toBe(false);
    expect(output).toContain('win32-x64');
    await expect(stat(join(folder, 'darwin-arm64'))).rejects.toThrow();
  });

  it('refuses another digest than the one that was asked for', async () => {
    const from = join(folder, 'given.exe');
    await writeFile(from, windowsProgram());
    const args = ['--platform', 'win32', '--arch', 'x64', '--from', from, '--sha256', '00'];
    const { ok, output } = await stage(...args);
    expect(ok).toBe(false);
    expect(output).toMatch(/SHA-256 \w{64}/);
    await expect(stat(join(folder, 'win32-x64'))).rejects.toThrow();
  });

  it('runs this system’s program, and refuses one that is no ffmpeg', async () => {
    const from = join(folder, 'node');
    await copyFile(process.execPath, from);
    await chmod(from, 0o755);
    const { ok, output } = await stage('--from', from);
    expect(ok).toBe(false);
    expect(output).toMatch(/-encoders/);
    await expect(stat(join(folder, host))).rejects.toThrow();
  });
});

describe('packaging', () => {
  it('is refused without an ffmpeg for the target', async () => {
    const { beforePack } = (await import(join(root, configuration.beforePack))) as {
      beforePack: (context: { electronPlatformName: string; arch: number }) => Promise<void>;
    };
    // An architecture that is never staged.
    await expect(beforePack({ electronPlatformName: 'linux', arch: 2 })).rejects.toThrow(
      /stage-native-bin/,
    );
  });
});
