import type { Camera, CameraMode, DeviceList, Microphone } from '@tallylight/contract';
import type { Ffmpeg } from '../ffmpeg/ffmpeg-locator.js';
import { runFfmpeg } from '../ffmpeg/run-ffmpeg.js';

interface DshowDevice {
  readonly name: string;
  readonly alternative: string | undefined;
  readonly video: boolean;
  readonly audio: boolean;
}

export async function listDshowDevices(ffmpeg: Ffmpeg): Promise<DeviceList> {
  const args = ['-hide_banner', '-nostdin', '-f', 'dshow', '-list_devices', 'true', '-i', 'dummy'];
  const { stderr } = await runFfmpeg(ffmpeg.path, args);
  const devices = parseDshowDevices(stderr);
  const cameras: Camera[] = [];
  for (const camera of dshowIds(devices.filter((device) => device.video))) {
    cameras.push({ ...camera, modes: await dshowCameraModes(ffmpeg, camera.id) });
  }
  return { cameras, microphones: dshowIds(devices.filter((device) => device.audio)) };
}

export async function dshowCameraModes(ffmpeg: Ffmpeg, id: string): Promise<CameraMode[]> {
  const input = ['-f', 'dshow', '-list_options', 'true', '-i', `video=${id}`];
  const { stderr } = await runFfmpeg(ffmpeg.path, ['-hide_banner', '-nostdin', ...input]);
  return parseDshowOptions(stderr);
}

/**
 * Reads `-list_devices`. What stands before the quotes is no help: it changes from `[dshow @ …]` to `[in#0 @ …]`
 * within one listing. Newer versions put the kind behind the name, older ones print a header above each kind.
 */
export function parseDshowDevices(stderr: string): DshowDevice[] {
  const devices: DshowDevice[] = [];
  let section = '';
  for (const line of stderr.split(/\r?\n/)) {
    const header = /DirectShow (video|audio) devices/.exec(line)?.[1];
    const alternative = /Alternative name "(.*)"/.exec(line)?.[1];
    const [, name, kinds] = /"(.*)"(?: \(([\w, ]+)\))?\s*$/.exec(line) ?? [];
    if (header !== undefined) {
      section = header;
    } else if (alternative !== undefined) {
      const last = devices.pop();
      if (last) devices.push({ ...last, alternative });
    } else if (name !== undefined) {
      const kind = kinds ?? section;
      const [video, audio] = [kind.includes('video'), kind.includes('audio')];
      devices.push({ name, alternative: undefined, video, audio });
    }
  }
  return devices;
}

/** The name where it will do; not for one of two alike, nor with a colon, at which ffmpeg splits its input. */
export function dshowIds(devices: readonly DshowDevice[]): Microphone[] {
  return devices.map(({ name, alternative }) => {
    const unique = devices.filter((other) => other.name === name).length === 1;
    const id = unique && !name.includes(':') ? name : (alternative ?? name);
    return { id, label: name };
  });
}

/** Reads `-list_options`: `pixel_format=yuyv422  min s=640x480 fps=5 max s=640x480 fps=30 (…)`. */
export function parseDshowOptions(stderr: string): CameraMode[] {
  const modes = new Map<string, CameraMode>();
  const pattern =
    /(?:pixel_format|vcodec)=(\S+)\s+min s=\d+x\d+ fps=([\d.]+) max s=(\d+)x(\d+) fps=([\d.]+)/g;
  for (const [, format = '', slowest, width, height, fastest] of stderr.matchAll(pattern)) {
    const fps = [...new Set([Number(slowest), Number(fastest)])];
    const mode = { width: Number(width), height: Number(height), fps, format };
    modes.set(`${format} ${mode.width}x${mode.height} ${fps.join()}`, mode);
  }
  return [...modes.values()];
}
