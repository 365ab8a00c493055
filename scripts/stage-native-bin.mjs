// Puts the ffmpeg of a target into native-bin/<platform>-<arch>/, where electron-builder takes it from.
//
//   node scripts/stage-native-bin.mjs [--platform darwin|linux|win32] [--arch x64|arm64] [--from FILE|URL] [--sha256 HEX]
//
// Without --from it downloads the build that ffmpeg-static names for the target, not the host's as that package would.
/* global fetch */
import { Buffer } from 'node:buffer';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { executableTarget, ffmpegName } from './ffmpeg-target.mjs';

/** The release whose builds the npm package ffmpeg-static 5.3 installs. */
const release = 'https://github.com/eugeneware/ffmpeg-static/releases/download/b6.1.1';
const downloadMs = 600_000;
/** A build is about 80 MB; more than this is something else. */
const maxBytes = 400 * 1024 * 1024;

const { values } = parseArgs({
  options: {
    platform: { type: 'string', default: process.platform },
    arch: { type: 'string', default: process.arch },
    from: { type: 'string' },
    sha256: { type: 'string' },
    output: { type: 'string', default: fileURLToPath(new URL('../native-bin', import.meta.url)) },
  },
});
const { platform, arch } = values;
const target = `${platform}-${arch}`;
const origin = values.from ?? `${release}/ffmpeg-${target}.gz`;

try {
  const path = await stage();
  console.log(`${target}: staged ${path}`);
} catch (error) {
  console.error(`${target}: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

async function stage() {
  const program = unpack(await load(origin));
  const found = executableTarget(program);
  if (found !== target)
    throw new Error(`${origin} is a program for ${found ?? 'no system known here'}`);
  const sha256 = createHash('sha256').update(program).digest('hex');
  if (values.sha256 && values.sha256.toLowerCase() !== sha256) {
    throw new Error(`${origin} has the SHA-256 ${sha256}`);
  }
  const folder = `${values.output}/${target}`;
  const path = `${folder}/${ffmpegName(platform)}`;
  // Under another name first, so that a failed check leaves no program behind that looks staged.
  const candidate = `${folder}/candidate-${ffmpegName(platform)}`;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(candidate, program, { mode: 0o755 });
  try {
    if (target === `${process.platform}-${process.arch}`) await tryOut(candidate);
    else
      console.log(`${target}: not run, since this machine is ${process.platform}-${process.arch}`);
    await rename(candidate, path);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  await writeFile(
    `${folder}/ORIGIN.txt`,
    `${values.from ? 'given by hand' : origin}\nSHA-256 ${sha256}\n`,
  );
  return path;
}

async function load(/** @type {string} */ from) {
  if (!/^https:\/\//.test(from)) return readFile(from);
  const response = await fetch(from, { signal: AbortSignal.timeout(downloadMs) });
  if (!response.ok) throw new Error(`${from} answered ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}

/** @param {Buffer} bytes a program, or one compressed with gzip */
function unpack(bytes) {
  const compressed = bytes.length > 2 && bytes.readUInt16BE(0) === 0x1f8b;
  return compressed ? gunzipSync(bytes, { maxOutputLength: maxBytes }) : bytes;
}

/** Runs it: it must start here and bring what a broadcast needs. */
async function tryOut(/** @type {string} */ path) {
  const run = promisify(execFile);
  const { stdout } = await run(path, ['-hide_banner', '-encoders'], { timeout: 30_000 });
  const lacking = ['libx264', 'aac'].filter((name) => !new RegExp(` ${name} `).test(stdout));
  if (lacking.length > 0) throw new Error(`it lacks the encoder ${lacking.join(' and ')}`);
}
