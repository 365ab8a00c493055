import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freeDisplay } from './free-display.js';
import { PeerProcess } from './peer-process.js';

const section = (
  name: string,
  values: Readonly<Record<string, string | number | boolean>>,
): string =>
  [`[${name}]`, ...Object.entries(values).map(([key, value]) => `${key}=${value}`), ''].join('\n');

export interface ObsSettings {
  /** Server URL and stream key in one. */
  readonly url: string;
  /** The file that is its scene, again and again. */
  readonly clip: string;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly videoKbps: number;
  /** Of x264. */
  readonly preset: string;
  /** Of the clip in the scene. */
  readonly scale: number;
  /** Where it listens for obs-websocket, without a password; nowhere by default. */
  readonly controlPort?: number;
  /** A folder for `sent.flv`, into which it writes what it streams, where it is told to record as well. */
  readonly recordTo?: string;
}

const versions = ['19', '21', '23', '24.1'];
const globalSettings = ({ controlPort }: ObsSettings): string =>
  [
    section('General', {
      ...{ FirstRun: true, EnableAutoUpdates: false, ConfirmOnExit: false, LastVersion: 486539266 },
      ...Object.fromEntries(versions.map((version) => [`Pre${version}Defaults`, false])),
    }),
    section('Basic', {
      ...{ Profile: 'Untitled', ProfileDir: 'Untitled' },
      ...{ SceneCollection: 'Untitled', SceneCollectionFile: 'Untitled' },
    }),
    section('BasicWindow', { WarnBeforeStartingStream: false }),
    section('OBSWebSocket', {
      ...{ FirstLoad: false, AuthRequired: false, AlertsEnabled: false },
      ...{ ServerEnabled: controlPort !== undefined, ServerPort: controlPort ?? 0 },
    }),
  ].join('\n');

const profile = ({ width, height, fps, videoKbps, preset, recordTo }: ObsSettings): string =>
  [
    section('Output', { Mode: 'Simple', FilenameFormatting: 'sent' }),
    section('SimpleOutput', {
      ...{ VBitrate: videoKbps, StreamEncoder: 'x264', ABitrate: 128 },
      ...{ UseAdvanced: true, Preset: preset },
      ...(recordTo !== undefined && { FilePath: recordTo, RecFormat: 'flv', RecQuality: 'Stream' }),
    }),
    section('Video', {
      ...{ BaseCX: width, BaseCY: height, OutputCX: width, OutputCY: height, FPSCommon: fps },
    }),
    section('Audio', { SampleRate: 48000, ChannelSetup: 'Stereo' }),
  ].join('\n');

const sceneOf = ({ clip, scale }: ObsSettings): object => ({
  name: 'Untitled',
  current_scene: 'Scene',
  current_program_scene: 'Scene',
  scene_order: [{ name: 'Scene' }],
  sources: [
    {
      id: 'ffmpeg_source',
      name: 'Clip',
      settings: { local_file: clip, looping: true },
      mixers: 255,
    },
    {
      id: 'scene',
      name: 'Scene',
      settings: {
        id_counter: 1,
        items: [{ id: 1, name: 'Clip', visible: true, scale: { x: scale, y: scale } }],
      },
    },
  ],
});

async function configure(home: string, settings: ObsSettings): Promise<void> {
  const { url } = settings;
  const folder = join(home, '.config/obs-studio');
  const [profiles, scenes] = [
    join(folder, 'basic/profiles/Untitled'),
    join(folder, 'basic/scenes'),
  ];
  await mkdir(profiles, { recursive: true });
  await mkdir(scenes, { recursive: true });
  const slash = url.lastIndexOf('/');
  const service = { server: url.slice(0, slash), key: url.slice(slash + 1), use_auth: false };
  await writeFile(join(folder, 'global.ini'), globalSettings(settings));
  await writeFile(join(profiles, 'basic.ini'), profile(settings));
  await writeFile(
    join(profiles, 'service.json'),
    JSON.stringify({ type: 'rtmp_custom', settings: service }),
  );
  await writeFile(join(scenes, 'Untitled.json'), JSON.stringify(sceneOf(settings)));
}

export const obs = { name: 'OBS Studio', program: 'OBS Studio' };

export interface RunningObs {
  readonly peer: PeerProcess;
  stop(): Promise<void>;
}

/** Starts OBS Studio on a screen that nobody sees, with settings of its own in `folder`. */
export async function startObs(
  folder: string,
  settings: ObsSettings,
  { args = [], deadlineMs = 60_000 }: { args?: readonly string[]; deadlineMs?: number } = {},
): Promise<RunningObs> {
  const home = join(folder, 'obs');
  await configure(home, settings);
  const screen = await freeDisplay();
  const peer = new PeerProcess('obs', ['--multi', ...args], {
    deadlineMs,
    env: {
      ...{ HOME: home, XDG_CONFIG_HOME: join(home, '.config'), XDG_RUNTIME_DIR: home },
      ...{ DISPLAY: screen.name, QT_QPA_PLATFORM: 'xcb' },
    },
  });
  return {
    peer,
    stop: async () => {
      try {
        // It says what it has sent on its way out, which is long on a busy machine.
        await peer.stop('SIGINT', 30_000);
      } finally {
        await screen.stop();
      }
    },
  };
}

/** Small, and ten frames a second, so that a machine without a graphics card keeps up. */
const small = {
  ...{ width: 640, height: 360, fps: 10, videoKbps: 1000 },
  ...{ preset: 'ultrafast', scale: 0.5 },
};

/**
 * Streams with OBS Studio until `enough` resolves.
 *
 * @returns the frames that OBS says it has sent. Now and then it shuts down without ending its output, and says nothing.
 */
export async function streamWithObs(
  folder: string,
  url: string,
  clip: string,
  enough: () => Promise<void>,
): Promise<number | undefined> {
  const running = await startObs(folder, { ...small, url, clip }, { args: ['--startstreaming'] });
  const { peer } = running;
  try {
    await peer.says('Streaming Start', 45_000);
    await enough();
  } finally {
    await running.stop();
  }
  const sent = /Output 'simple_stream': Total frames output: (\d+)/.exec(peer.output)?.[1];
  return sent === undefined ? undefined : Number(sent);
}
