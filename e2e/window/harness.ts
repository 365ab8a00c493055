import type { Settings } from '@tallylight/contract';
import { showStudio } from '../../renderer/src/show-studio.js';
import { openStudio } from '../../renderer/src/control/studio.js';
import { FakeEngine, type Scenario } from './fake-engine.js';
import { createFakeMedia, fakeChannel } from './fake-media.js';

/** The window with a fake engine and fake media, for its own tests and for looking at it. Never shipped. */
const parameters = new URLSearchParams(location.search);
const has = (name: string): boolean => parameters.has(name);

const engine = new FakeEngine(
  (parameters.get('scenario') ?? 'good') as Scenario,
  Number(parameters.get('step') ?? 50),
  JSON.parse(parameters.get('settings') ?? '{}') as Partial<Settings>,
);
const media = createFakeMedia({
  cameras: !has('no-camera'),
  cameraInUse: has('camera-in-use'),
  silent: has('silent'),
  largest: has('small-camera') ? { width: 640, height: 480 } : { width: 1920, height: 1080 },
  picture: parameters.get('picture') ?? undefined,
});
const connection = {
  client: engine.client,
  channel: fakeChannel,
  onClosed: (listener: () => void) => {
    window.addEventListener('engine-gone', listener, { once: true });
    return () => window.removeEventListener('engine-gone', listener);
  },
};
const container = document.getElementById('root');
if (container) void showStudio(container, openStudio(connection, media));
