import { constants } from 'node:fs';
import { access, chmod } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';

export type FfmpegOrigin =
  'environment' | 'bundled' | 'ffmpeg-static' | 'path' | 'ffmpeg-installer';

export interface FfmpegCandidate {
  readonly origin: FfmpegOrigin;
  readonly path: string;
}

const executable = process.platform === 'win32' ? 'ffmpeg.exe' : 'ffmpeg';

/**
 * Where an ffmpeg may be, best first. `TALLYLIGHT_FFMPEG` rules out all others: whoever sets it wants that one.
 *
 * @param bundledDirectory the folder with one folder a platform, `<platform>-<arch>`, or with the binary itself.
 */
export async function ffmpegCandidates(
  env: NodeJS.ProcessEnv,
  bundledDirectory: string | undefined,
): Promise<FfmpegCandidate[]> {
  const chosen = env['TALLYLIGHT_FFMPEG'];
  if (chosen) return [{ origin: 'environment', path: chosen }];
  const bundled =
    bundledDirectory === undefined
      ? []
      : [
          join(bundledDirectory, `${process.platform}-${process.arch}`, executable),
          join(bundledDirectory, executable),
        ];
  const onPath = (env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, executable));
  const groups: [FfmpegOrigin, (string | undefined)[]][] = [
    ['bundled', bundled],
    ['ffmpeg-static', [ffmpegStaticPath()]],
    ['path', onPath],
    ['ffmpeg-installer', [ffmpegInstallerPath()]],
  ];
  const candidates: FfmpegCandidate[] = [];
  for (const [origin, paths] of groups) {
    for (const path of paths) {
      if (path !== undefined && (await exists(path))) candidates.push({ origin, path });
    }
  }
  return candidates;
}

/** Packages that bring a binary may have lost its mode: npm asks before it runs their install scripts. */
export async function makeExecutable(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  try {
    await access(path, constants.X_OK);
  } catch {
    // Not ours to change is not our problem: running it will say so.
    await chmod(path, 0o755).catch(() => undefined);
  }
}

const require = createRequire(import.meta.url);

/** Inside an asar archive the file seems to exist but cannot be run; packaging unpacks it beside. */
const outsideAsar = (path: string): string =>
  path.replace(/\bapp\.asar([\\/])/, 'app.asar.unpacked$1');

function ffmpegStaticPath(): string | undefined {
  const path = optional('ffmpeg-static');
  return typeof path === 'string' ? outsideAsar(path) : undefined;
}

/** The package of this platform is asked directly: the one in front of it throws where there is none. */
function ffmpegInstallerPath(): string | undefined {
  try {
    const manifest = `@ffmpeg-installer/${process.platform}-${process.arch}/package.json`;
    const front = createRequire(require.resolve('@ffmpeg-installer/ffmpeg/package.json'));
    return outsideAsar(join(front.resolve(manifest), '..', executable));
  } catch {
    return undefined;
  }
}

function optional(name: string): unknown {
  try {
    return require(name);
  } catch {
    return undefined;
  }
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
