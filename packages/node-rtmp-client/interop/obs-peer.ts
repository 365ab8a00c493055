import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freeDisplay } from './free-display.js';
import { PeerProcess } from './peer-process.js';

const section = (
  name: string,
  values: Readonly<Record<string, string | number | boolean>>,
): string =>
  [`[${name}]`, ...Object.entries(values).map(([key, value]) => `${key}=${value}`), ''].join('\n');

const versions = ['19', '21', '23', '24.1'];
const globalSettings = [
  section('General', {
    ...{ FirstRun: true, EnableAutoUpdates: false, ConfirmOnExit: false, LastVersion: 486539266 },
    ...Object.fromEntries(versions.map((version) => [`Pre${version}Defaults`, false])),
  }),
  section('Basic', {
    ...{ Profile: 'Untitled', ProfileDir: 'Untitled' },
    ...{ SceneCollection: 'Untitled', SceneCollectionFile: 'Untitled' },
  }),
  section('BasicWindow', { WarnBeforeStartingStream: false }),
].join('\n');

/** Small, and ten frames a second, so that a machine without a graphics card keeps up. */
const profile = [
  section('Output', { Mode: 'Simple' }),
  section('SimpleOutput', {
    ...{ VBitrate: 1000, StreamEncoder: 'x264', ABitrate: 128 },
    ...{ UseAdvanced: true, Preset: 'ultrafast' },
  }),
  section('Video', {
    ...{ BaseCX: 640, BaseCY: 360, OutputCX: 640, OutputCY: 360, FPSCommon: 10 },
  }),
  section('Audio', { SampleRate: 48000, ChannelSetup: 'Stereo' }),
].join('\n');

const sceneOf = (clip: string): object => ({
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
        items: [{ id: 1, name: 'Clip', visible: true, scale: { x: 0.5, y: 0.5 } }],
      },
    },
  ],
});

async function configure(home: string, url: string, clip: string): Promise<void> {
  const folder = join(home, '.config/obs-studio');
  const [profiles, scenes] = [
    join(folder, 'basic/profiles/Untitled'),
    join(folder, 'basic/scenes'),
  ];
  await mkdir(profiles, { recursive: true });
  await mkdir(scenes, { recursive: true });
  const slash = url.lastIndexOf('/');
  const settings = { server: url.slice(0, slash), key: url.slice(slash + 1), use_auth: false };
  await writeFile(join(folder, 'global.ini'), globalSettings);
  await writeFile(join(profiles, 'basic.ini'), profile);
  await writeFile(
    join(profiles, 'service.json'),
    JSON.stringify({ type: 'rtmp_custom', settings }),
  );
  await writeFile(join(scenes, 'Untitled.json'), JSON.stringify(sceneOf(clip)));
}

export const obs = { name: 'OBS Studio', program: 'OBS Studio' };

/**
 * Streams with OBS Studio, on a screen that nobody sees, until `enough` resolves.
 *
 * @returns the frames that OBS says it has sent. Now and then it shuts down without ending its output, and says nothing.
 */
export async function streamWithObs(
  folder: string,
  url: string,
  clip: string,
  enough: () => Promise<void>,
): Promise<number | undefined> {
  const home = join(folder, 'obs');
  await configure(home, url, clip);
  const screen = await freeDisplay();
  try {
    const peer = new PeerProcess('obs', ['--startstreaming', '--multi'], {
      env: {
        ...{ HOME: home, XDG_CONFIG_HOME: join(home, '.config'), XDG_RUNTIME_DIR: home },
        ...{ DISPLAY: screen.name, QT_QPA_PLATFORM: 'xcb' },
      },
    });
    try {
      await peer.says('Streaming Start', 45_000);
      await enough();
    } finally {
      // It says what it has sent on its way out, which is long on a busy machine.
      await peer.stop('SIGINT', 30_000);
    }
    const sent = /Output 'simple_stream': Total frames output: (\d+)/.exec(peer.output)?.[1];
    return sent === undefined ? undefined : Number(sent);
  } finally {
    await screen.stop();
  }
}
