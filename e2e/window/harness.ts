import { reason, type Settings, type StartInput } from '@tallylight/contract';
import { showStudio } from '../../renderer/src/show-studio.js';
import { openStudio } from '../../renderer/src/control/studio.js';
import { closedAlerts } from '../../renderer/src/control/closed-alerts.js';
import { FakeEngine, type Scenario } from './fake-engine.js';
import type { FakeRecordingsState } from './fake-recordings.js';
import type { FakeFilesState } from './fake-files.js';
import type { FakeServerState } from './fake-server.js';
import { createFakeChannel, createFakeMedia, type FakeMonitor } from './fake-media.js';

/** The window with a fake engine and fake media, for its own tests and for looking at it. Never shipped. */
const parameters = new URLSearchParams(location.search);
const has = (name: string): boolean => parameters.has(name);

const engine = new FakeEngine(
  (parameters.get('scenario') ?? 'good') as Scenario,
  Number(parameters.get('step') ?? 50),
  JSON.parse(parameters.get('settings') ?? '{}') as Partial<Settings>,
  (parameters.get('server') ?? 'off') as FakeServerState,
  (parameters.get('files') ?? 'empty') as FakeFilesState,
  Number(parameters.get('profiles') ?? 0),
  (parameters.get('recordings') ?? 'none') as FakeRecordingsState,
);
engine.isLoadKnown = !has('no-load');
window.addEventListener('load-known', () => (engine.isLoadKnown = true));
engine.isMonitorRefused = parameters.get('monitor') === 'refused';
const media = createFakeMedia({
  cameras: !has('no-camera'),
  cameraInUse: has('camera-in-use'),
  silent: has('silent'),
  denied: has('denied'),
  largest: has('small-camera') ? { width: 640, height: 480 } : { width: 1920, height: 1080 },
  picture: parameters.get('picture') ?? undefined,
});
const channel = createFakeChannel((parameters.get('monitor') ?? 'moving') as FakeMonitor);
engine.onMonitorWatched = channel.playMonitor;
const connection = {
  client: engine.client,
  giveFile: (file: File, onProgress: (ratio: number) => void) =>
    engine.files.take(file, onProgress),
  channel,
  onClosed: (listener: () => void) => {
    window.addEventListener('engine-gone', listener, { once: true });
    return () => window.removeEventListener('engine-gone', listener);
  },
};
/** What another window, or the command line, does. */
window.addEventListener(
  'remove-elsewhere',
  () => void engine.client.profiles.remove({ id: 'twitch' }),
);
window.addEventListener(
  'add-elsewhere',
  () => void engine.client.profiles.save({ name: 'Choir', serverUrl: 'rtmp://choir.example/live' }),
);
window.addEventListener('publish', () => engine.streamInput.publish(true));
window.addEventListener('unpublish', () => engine.streamInput.publish(false));
const begin = (source: StartInput['source']): void =>
  void engine.client.broadcast.start({
    source,
    encoding: {
      width: 1280,
      height: 720,
      fps: 30,
      videoBitrate: 2_500_000,
      audioBitrate: 128_000,
      keyframeInterval: 2,
    },
    profileIds: ['twitch'],
  });
window.addEventListener('live-elsewhere', () =>
  begin({
    ...{ type: 'renderer', format: 'packets', hasAudio: true, captureId: 1 },
    name: reason('test-picture'),
  }),
);
/** As it is in a window that was reloaded, too. */
window.addEventListener('live-by-ffmpeg', () =>
  begin({ type: 'ffmpeg', video: { type: 'test' }, audio: { type: 'test' } }),
);
const studio = openStudio(connection, media, closedAlerts);
/** As whoever uses it chooses a language, also where a dialog is in front of the choice. */
window.addEventListener('choose-language', (event) => {
  const { detail: language } = event as CustomEvent<Settings['language']>;
  void studio.then(({ settings }) => settings.getState().update({ language }));
});
const container = document.getElementById('root');
if (container) void showStudio(container, studio);
