import type { Camera, CameraMode, DeviceList, Microphone } from '@tallylight/contract';
import type { Ffmpeg } from '../ffmpeg/ffmpeg-locator.js';
import { runFfmpeg } from '../ffmpeg/run-ffmpeg.js';

export async function listAvfoundationDevices(ffmpeg: Ffmpeg): Promise<DeviceList> {
  const args = [
    '-hide_banner',
    '-nostdin',
    '-f',
    'avfoundation',
    '-list_devices',
    'true',
    '-i',
    '',
  ];
  const { stderr } = await runFfmpeg(ffmpeg.path, args);
  const { video, audio } = parseAvfoundationDevices(stderr);
  const cameras: Camera[] = [];
  for (const camera of video) {
    cameras.push({ ...camera, modes: await avfoundationCameraModes(ffmpeg, camera.id) });
  }
  return { cameras, microphones: audio };
}

/** The only listing of modes is the complaint about one that no camera has. Where access is denied it may hang. */
export async function avfoundationCameraModes(ffmpeg: Ffmpeg, id: string): Promise<CameraMode[]> {
  const input = ['-f', 'avfoundation', '-framerate', '1234', '-i', `${id}:none`];
  const output = ['-frames:v', '1', '-f', 'null', '-'];
  const args = ['-hide_banner', '-nostdin', ...input, ...output];
  return parseAvfoundationModes((await runFfmpeg(ffmpeg.path, args, 5_000)).stderr);
}

/** Reads `-list_devices`: a header for each kind, then `[0] FaceTime HD Camera`. Screens are left out. */
export function parseAvfoundationDevices(stderr: string): {
  video: Microphone[];
  audio: Microphone[];
} {
  const found = { video: [] as IndexedName[], audio: [] as IndexedName[] };
  let section: 'video' | 'audio' | undefined;
  for (const line of stderr.split('\n')) {
    const header = /AVFoundation (video|audio) devices/.exec(line)?.[1];
    if (header === 'video' || header === 'audio') section = header;
    const [, index, name] = /\[(\d+)\] (.+)$/.exec(line) ?? [];
    if (section && index !== undefined && name !== undefined) found[section].push({ index, name });
  }
  return {
    video: identify(found.video).filter(({ label }) => !/^Capture screen \d+$/.test(label)),
    audio: identify(found.audio),
  };
}

interface IndexedName {
  readonly index: string;
  readonly name: string;
}

/**
 * Names stay when another device is plugged in, indexes shift. But ffmpeg takes the first device whose name begins
 * with what it is given, and splits at colons; then only the index will do.
 */
const identify = (devices: readonly IndexedName[]): Microphone[] =>
  devices.map(({ index, name }, position) => {
    const shadowed = devices.slice(0, position).some((other) => other.name.startsWith(name));
    const ambiguous = shadowed || name.includes(':') || /^\d+$|^(?:none|default)$/.test(name);
    return { id: ambiguous ? index : name, label: name };
  });

/** Reads `Supported modes:` and its lines `1280x720@[15.000000 30.000030]fps`. */
export function parseAvfoundationModes(stderr: string): CameraMode[] {
  const pattern = /(\d+)x(\d+)@\[([\d.]+) ([\d.]+)\]fps/g;
  const modes = new Map<string, CameraMode>();
  for (const [whole, width, height, slowest, fastest] of stderr.matchAll(pattern)) {
    const fps = [...new Set([toHundredths(slowest), toHundredths(fastest)])];
    modes.set(whole, { width: Number(width), height: Number(height), fps, format: 'native' });
  }
  return [...modes.values()];
}

/** What stands behind is the noise of a division. 29.97 is not 30: the device would refuse that. */
const toHundredths = (rate: string | undefined): number => Math.round(Number(rate) * 100) / 100;
