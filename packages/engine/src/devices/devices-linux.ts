import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Camera, CameraMode, DeviceList, Microphone } from '@tallylight/contract';
import { parseAlsaCaptureDevices, parsePulseSources } from './microphones-linux.js';
import type { Ffmpeg } from '../ffmpeg/ffmpeg-locator.js';
import { runFfmpeg } from '../ffmpeg/run-ffmpeg.js';
import { hasV4l2Formats, parseV4l2Formats } from './v4l2-formats.js';

const timeLimitMs = 10_000;

export async function listLinuxDevices(ffmpeg: Ffmpeg): Promise<DeviceList> {
  const [cameras, microphones] = await Promise.all([listCameras(ffmpeg), listMicrophones(ffmpeg)]);
  return { cameras, microphones };
}

/** Empty when it is none, or cannot be asked. */
export async function linuxCameraModes(ffmpeg: Ffmpeg, device: string): Promise<CameraMode[]> {
  return parseV4l2Formats(await v4l2Listing(ffmpeg, device));
}

async function v4l2Listing(ffmpeg: Ffmpeg, device: string): Promise<string> {
  // It exits with an error after the listing; that says nothing.
  const args = ['-hide_banner', '-nostdin', '-f', 'v4l2', '-list_formats', 'all', '-i', device];
  return (await runFfmpeg(ffmpeg.path, args, timeLimitMs)).stderr;
}

/** A camera has further nodes for metadata, and cards have nodes for output: those list no formats. */
async function listCameras(ffmpeg: Ffmpeg): Promise<Camera[]> {
  const nodes = (await entries('/sys/class/video4linux'))
    .filter((name) => /^video\d+$/.test(name))
    .sort((a, b) => Number(a.slice(5)) - Number(b.slice(5)));
  const stable = await stableNames();
  const cameras: Camera[] = [];
  for (const node of nodes) {
    const path = `/dev/${node}`;
    const listing = await v4l2Listing(ffmpeg, path);
    if (!hasV4l2Formats(listing)) continue;
    const label = (await text(`/sys/class/video4linux/${node}/name`)) || node;
    cameras.push({ id: stable.get(node) ?? path, label, modes: parseV4l2Formats(listing) });
  }
  return cameras;
}

/** From `video0` to its path in by-id, which stays when another camera is plugged in. */
async function stableNames(): Promise<Map<string, string>> {
  const folder = '/dev/v4l/by-id';
  const names = new Map<string, string>();
  for (const name of await entries(folder)) {
    const path = join(folder, name);
    const target = await readlink(path).catch(() => undefined);
    if (target !== undefined) names.set(basename(target), path);
  }
  return names;
}

async function listMicrophones(ffmpeg: Ffmpeg): Promise<Microphone[]> {
  const pulse = ffmpeg.inputs.has('pulse')
    ? await runFfmpeg(ffmpeg.path, ['-hide_banner', '-nostdin', '-sources', 'pulse'], timeLimitMs)
    : undefined;
  const alsa = ffmpeg.inputs.has('alsa')
    ? parseAlsaCaptureDevices(await text('/proc/asound/cards'), await text('/proc/asound/pcm'))
    : [];
  return [...(pulse ? parsePulseSources(pulse.stdout) : []), ...alsa];
}

const entries = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);

const text = (path: string): Promise<string> =>
  readFile(path, 'utf8').then(
    (content) => content.trim(),
    () => '',
  );
