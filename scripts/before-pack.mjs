import { Buffer } from 'node:buffer';
import { open } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { executableTarget, ffmpegName } from './ffmpeg-target.mjs';

/** electron-builder's numbers of the architectures that we package for. @type {Record<number, string>} */
const architectures = { 1: 'x64', 3: 'arm64' };

/**
 * electron-builder calls this before it packages for a target. An app without ffmpeg, or with another system's, has been
 * shipped by others before (mifi/lossless-cut#985, #1512).
 *
 * @param {{ electronPlatformName: string, arch: number }} context
 */
export async function beforePack({ electronPlatformName, arch }) {
  const target = `${electronPlatformName}-${architectures[arch] ?? arch}`;
  const path = `native-bin/${target}/${ffmpegName(electronPlatformName)}`;
  const found = await targetOf(fileURLToPath(new URL(`../${path}`, import.meta.url)));
  if (found === target) return;
  const [platform, architecture] = target.split('-');
  throw new Error(
    `${path} is ${found ?? 'not there or not a program'}; run ` +
      `"node scripts/stage-native-bin.mjs --platform ${platform} --arch ${architecture}" first`,
  );
}

async function targetOf(/** @type {string} */ path) {
  const file = await open(path).catch(() => undefined);
  if (!file) return undefined;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4096), 0, 4096, 0);
    return executableTarget(buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}
