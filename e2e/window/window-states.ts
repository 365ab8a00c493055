import { expect, type Page } from '@playwright/test';
import type { Settings } from '@tallylight/contract';
import type { Language } from '@tallylight/messages';
import type { WindowMessages } from '@tallylight/messages/window';
import {
  afterMinutes,
  check,
  goLive,
  goLiveTo,
  live,
  openMonitor,
  openRecordings,
  openServer,
  press,
  record,
  says,
  writeConfig,
  type Reach,
} from './reach-states.js';
import { silenceSeconds } from '../../renderer/src/control/silence-watch.js';

/** Every state of the window, for those who look at it: axe, and the eye. */

export interface WindowState {
  /** The page's parameters; see window/harness.ts. */
  readonly query?: string;
  readonly settings?: Partial<Settings>;
  readonly reach?: Reach;
  /** Its figures and graphs have something to show after some seconds only. */
  readonly hasFigures?: true;
}

/** Opens the window in that state. */
export async function openState(
  page: Page,
  url: string,
  { query = '', settings = {}, reach }: WindowState,
  messages: WindowMessages,
): Promise<void> {
  const chosen = encodeURIComponent(JSON.stringify({ ...settings, language: messages.language }));
  await page.goto(`${url}?${query}&settings=${chosen}`);
  await says(page, messages.t('window.status.offAir'));
  await reach?.(page, messages);
}

const rtmps = { profileIds: ['twitch'] };
const many = { profileIds: ['twitch', 'p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p7'] };
const group = { name: 'Sunday', profileIds: many.profileIds };
const states = {
  'off-air-ready': {},
  'off-air-test-picture': { query: 'no-camera' },
  'off-air-no-key': {
    reach: (page, { t }) => press(page, t('window.profiles.add')),
  },
  'off-air-preset': {
    reach: async (page, { t }) => {
      await press(page, t('window.profiles.add'));
      await page.getByLabel(t('window.profiles.kind'), { exact: true }).selectOption('adobe');
    },
  },
  'off-air-wrong-fields': {
    reach: async (page, { t }) => {
      await press(page, t('window.profiles.add'));
      await press(page, t('window.profiles.save'));
    },
  },
  'off-air-first-profile': {
    reach: async (page, { t }) => {
      await press(page, t('window.profiles.add'));
      await page.getByLabel(t('window.profiles.name'), { exact: true }).fill('Choir');
      await page.getByLabel(t('window.profiles.url')).fill('rtmp://p1.example.tv/app');
      await press(page, t('window.profiles.save'));
      await expect(page.getByText(t('window.destinations.tickToo'))).toBeVisible();
    },
  },
  'off-air-no-application': {
    reach: async (page, { t }) => {
      await press(page, t('window.profiles.add'));
      await page.getByLabel(t('window.profiles.name'), { exact: true }).fill('Choir');
      await page.getByLabel(t('window.profiles.url')).fill('rtmp://live.example.tv');
    },
  },
  'off-air-key-in-url': {
    reach: async (page, { t }) => {
      await press(page, t('window.profiles.add'));
      await page
        .getByLabel(t('window.profiles.url'))
        .fill('rtmp://live.example.tv/app/live_12345678_Ab3dEf6hIj9kLm2n');
    },
  },
  'check-measured': {
    settings: rtmps,
    reach: async (page, { t }) => {
      await check(page, 'Twitch (main)', t('window.check.check'));
      const publish = page.getByRole('dialog').getByRole('checkbox');
      await publish.check();
      await press(page, t('window.check.again'));
      await expect(page.getByRole('button', { name: /2[.,]?300/ })).toBeVisible();
    },
  },
  'check-failed': {
    reach: async (page, { t }) => {
      await press(page, t('window.profiles.add'));
      await page.getByLabel(t('window.profiles.url')).fill('rtmp://refused.example/app');
      await page
        .getByRole('form')
        .getByRole('button', { name: t('window.check.check') })
        .click();
      await expect(page.getByRole('dialog').getByRole('alert')).toBeVisible();
    },
  },
  'off-air-deleted': {
    settings: rtmps,
    reach: async (page, { t }) => {
      await press(page, t('window.destinations.edit', { name: 'Twitch (main)' }));
      await press(page, t('window.profiles.remove'));
    },
  },
  'off-air-question': {
    settings: rtmps,
    reach: async (page, { t }) => {
      await press(page, t('window.destinations.edit', { name: 'Twitch (main)' }));
      await page.getByLabel(t('window.profiles.name'), { exact: true }).fill('Changed');
      await press(page, t('window.profiles.add'));
      await expect(page.getByRole('alertdialog')).toBeVisible();
    },
  },
  'off-air-nothing-ticked': { settings: { profileIds: [] } },
  'off-air-many': { query: 'profiles=7', settings: { ...many, destinationGroups: [group] } },
  'off-air-name-group': {
    query: 'profiles=7',
    settings: many,
    reach: (page, { t }) => press(page, t('window.destinations.saveGroup')),
  },
  'live-on-two-of-three': {
    query: 'scenario=one-refused&profiles=3&step=20',
    settings: { profileIds: ['twitch', 'p1', 'p2'] },
    reach: async (page, messages) => {
      await live(page, messages);
      await press(page, messages.t('window.destinations.edit', { name: 'Church server' }));
      await page.getByRole('checkbox', { name: 'YouTube', exact: true }).uncheck();
      await page.getByRole('checkbox', { name: 'Bilibili 直播间', exact: true }).check();
    },
    hasFigures: true,
  },
  'live-one-ended': {
    query: 'profiles=1&step=20',
    settings: { profileIds: ['twitch', 'p1'] },
    reach: async (page, messages) => {
      await live(page, messages);
      const card = page.getByRole('group', { name: 'YouTube', exact: true });
      const name = messages.t('window.destinations.actionsOn.stop', { name: 'YouTube' });
      await card.getByRole('button', { name, exact: true }).click();
      await expect(card).toContainText(messages.t('window.progress.states.stopped'));
    },
    hasFigures: true,
  },
  'live-many': {
    query: 'scenario=one-refused&profiles=7&step=20',
    settings: many,
    reach: async (page, messages) => {
      await live(page, messages);
      await press(page, messages.t('window.destinations.details', { name: 'YouTube' }));
    },
    hasFigures: true,
  },
  'live-silent-server': {
    query: 'scenario=silent&step=20',
    settings: rtmps,
    reach: async (page, messages) => {
      await live(page, messages);
      await expect(page.getByRole('contentinfo')).toContainText(/Twitch \(main\).*\d/);
    },
    hasFigures: true,
  },
  'live-full-disk': {
    query: 'scenario=full-disk&step=20',
    settings: rtmps,
    reach: live,
    hasFigures: true,
  },
  'off-air-camera-in-use': { query: 'camera-in-use' },
  'off-air-camera-denied': {
    query: 'denied',
    settings: {
      ...{ cameraId: 'c1', cameraName: 'Studio camera (1234:5678)' },
      ...{ microphoneId: 'm1', microphoneName: 'Yeti microphone' },
    },
  },
  'live-test-picture': {
    query: 'no-camera&step=20',
    settings: rtmps,
    reach: live,
    hasFigures: true,
  },
  'off-air-silent': {
    query: 'silent',
    reach: (page, { t }) =>
      expect(page.getByText(t('window.sound.silent', { seconds: silenceSeconds }))).toBeVisible({
        timeout: 15_000,
      }),
  },
  'off-air-small-camera': { query: 'small-camera', settings: { width: 1920, height: 1080 } },
  'off-air-stream-awaited': { settings: { cameraId: 'stream-input' } },
  'off-air-server-off': { settings: { cameraId: 'stream-input:live/phone' } },
  'live-stream-away': {
    query: 'step=20',
    settings: { ...rtmps, cameraId: 'stream-input' },
    reach: live,
    hasFigures: true,
  },
  'files-empty': { settings: { cameraId: 'files' } },
  'files-ready': { query: 'files=ready', settings: { ...rtmps, cameraId: 'files' } },
  'files-unreadable': {
    query: 'files=unreadable',
    settings: { ...rtmps, cameraId: 'files' },
    reach: (page) => page.getByText('4.mp4', { exact: true }).scrollIntoViewIfNeeded(),
  },
  'live-files': {
    query: 'files=ready&step=20',
    settings: { ...rtmps, cameraId: 'files' },
    reach: async (page, messages) => {
      await live(page, messages);
      await page.getByRole('slider').scrollIntoViewIfNeeded();
    },
    hasFigures: true,
  },
  'live-files-paused': {
    query: 'files=ready&step=20',
    settings: { ...rtmps, cameraId: 'files' },
    reach: async (page, messages) => {
      await live(page, messages);
      await press(page, messages.t('window.files.pause'));
      await page.getByRole('slider').scrollIntoViewIfNeeded();
    },
    hasFigures: true,
  },
  'going-live': {
    query: 'scenario=connecting&step=20',
    settings: rtmps,
    reach: async (page, { t }) => {
      await goLive(page);
      await says(page, t('phases.publish.active'));
    },
  },
  live: { query: 'step=20', settings: rtmps, reach: live, hasFigures: true },
  'live-graphs-small': {
    query: 'scenario=long&step=20&profiles=1',
    settings: { profileIds: ['twitch', 'p1'] },
    reach: afterMinutes,
  },
  'live-graphs': {
    query: 'scenario=long&step=20&profiles=1',
    settings: { profileIds: ['twitch', 'p1'] },
    reach: async (page, messages) => {
      await afterMinutes(page, messages);
      await press(page, messages.t('window.graphs.open'));
    },
  },
  'live-monitor': {
    query: 'no-camera&step=20',
    settings: rtmps,
    // On a busy computer a longer one, or between two.
    reach: openMonitor(() => /\d s behind the preview|比预览晚.*\d 秒/),
    hasFigures: true,
  },
  'live-monitor-black': {
    query: 'no-camera&monitor=black&step=20',
    settings: rtmps,
    reach: openMonitor(() => /Black since|起黑屏/),
    hasFigures: true,
  },
  'live-monitor-gone': {
    query: 'monitor=gone&step=20',
    settings: rtmps,
    reach: openMonitor(() => /Standing still since|起画面静止/),
    hasFigures: true,
  },
  'live-monitor-refused': {
    query: 'monitor=refused&step=20',
    settings: rtmps,
    reach: openMonitor(({ t }) => t('window.monitor.waiting')),
    hasFigures: true,
  },
  'off-air-watch-address': {
    settings: rtmps,
    reach: async (page, { t }) => {
      await press(page, t('window.destinations.edit', { name: 'Twitch (main)' }));
      await page.getByText(t('window.profiles.watching'), { exact: true }).click();
    },
  },
  'live-built-in': { query: 'step=20', reach: live, hasFigures: true },
  'live-slow-network': {
    query: 'scenario=slow&step=20',
    settings: rtmps,
    reach: live,
    hasFigures: true,
  },
  'live-lowered': {
    query: 'scenario=lowered&step=20',
    settings: rtmps,
    reach: async (page, messages) => {
      await live(page, messages);
      await page.getByRole('slider').scrollIntoViewIfNeeded();
    },
    hasFigures: true,
  },
  'live-fixed-bitrate': {
    query: 'step=20',
    settings: { ...rtmps, engine: 'mediarecorder' },
    reach: async (page, messages) => {
      await live(page, messages);
      await page.getByText(messages.t('window.bitrate.fixed')).scrollIntoViewIfNeeded();
    },
    hasFigures: true,
  },
  'off-air-bitrate-policy': {
    query: 'profiles=3',
    settings: { profileIds: ['twitch', 'p1', 'p2'] },
    reach: (page, { t }) => page.getByLabel(t('window.bitrate.policy')).focus(),
  },
  reconnecting: {
    query: 'scenario=lost&step=20',
    settings: rtmps,
    reach: goLiveTo('reconnecting'),
    hasFigures: true,
  },
  'back-on-air': {
    query: 'scenario=lost&step=20',
    settings: rtmps,
    reach: async (page, messages) => {
      const { t } = messages;
      await goLiveTo('reconnecting')(page, messages);
      await press(page, t('window.progress.retryNow'));
      await says(page, t('window.status.live'));
    },
    hasFigures: true,
  },
  failed: {
    query: 'scenario=refused&step=20',
    settings: rtmps,
    reach: goLiveTo('offAirFailed'),
  },
  'after-stop': {
    query: 'step=20',
    settings: rtmps,
    reach: async (page, messages) => {
      await live(page, messages);
      await press(page, messages.t('window.button.stop'));
      await says(page, messages.t('window.status.offAir'));
    },
  },
  'given-up': {
    query: 'scenario=given-up&step=20',
    settings: rtmps,
    reach: goLiveTo('offAirWithError'),
  },
  'live-elsewhere': {
    query: 'step=20',
    reach: async (page, { t }) => {
      await page.evaluate(() => window.dispatchEvent(new Event('live-elsewhere')));
      await says(page, t('window.status.live'));
    },
    hasFigures: true,
  },
  'files-dragged': {
    query: 'files=ready',
    settings: { cameraId: 'files' },
    reach: async (page, { t }) => {
      const list = page.getByRole('list', { name: t('window.files.title') });
      const rows = list.getByRole('listitem');
      await rows.last().scrollIntoViewIfNeeded();
      await rows.first().locator('.touch-none').hover();
      await page.mouse.down();
      const { x = 0, y = 0, height = 0 } = (await rows.last().boundingBox()) ?? {};
      await page.mouse.move(x + 12, y + height * 0.8);
    },
  },
  'server-local': { query: 'server=local', reach: openServer('streams') },
  'server-public': { query: 'server=public', reach: openServer('scan', 'showCode') },
  'server-password': {
    query: 'server=password',
    reach: async (page, messages) => {
      await openServer('streams')(page, messages);
      const name = messages.t('window.server.wantsPublishAuth');
      await page.getByRole('checkbox', { name }).focus();
    },
  },
  'server-alone': { query: 'server=alone', reach: openServer('noNetwork') },
  'server-failed': { query: 'server=failed', reach: openServer('httpPort') },
  'server-config-wrong': { reach: writeConfig('rtmp', '1935') },
  'server-config-written': {
    reach: async (page, messages) => {
      await writeConfig('host', 'live.example.tv')(page, messages);
      await page.getByText(messages.t('window.serverConfig.file')).click();
    },
  },
  'live-hold-to-stop': {
    query: 'step=20',
    settings: { ...rtmps, holdToStop: true },
    reach: live,
    hasFigures: true,
  },
  recording: {
    query: 'step=20&recordings=some',
    settings: rtmps,
    reach: record,
    hasFigures: true,
  },
  'recording-paused': {
    query: 'step=20',
    settings: rtmps,
    reach: async (page, messages) => {
      await record(page, messages);
      await press(page, messages.t('window.recording.pause'));
    },
    hasFigures: true,
  },
  'recording-little-space': {
    query: 'step=20&recordings=little-space',
    settings: rtmps,
    reach: record,
    hasFigures: true,
  },
  'recording-failed': {
    query: 'step=20&recordings=folder-gone',
    settings: rtmps,
    reach: async (page, { t }) => {
      await press(page, t('window.recording.record'));
      await expect(page.getByText(t('window.alerts.recordingFailed'))).toBeVisible();
      await openRecordings(page, t('window.recording.folder'), t('window.recording.title'));
    },
  },
  'recording-finished': {
    query: 'step=20',
    settings: rtmps,
    reach: async (page, messages) => {
      await record(page, messages);
      await page.waitForTimeout(1500);
      await press(page, messages.t('window.recording.stop'));
      await says(page, messages.t('window.status.offAir'));
    },
  },
  'recording-choices': {
    query: 'recordings=some',
    settings: rtmps,
    reach: (page, { t }) =>
      openRecordings(page, t('window.recording.recent'), t('window.recording.title')),
  },
  'live-recording': {
    query: 'step=20&recordings=some',
    settings: rtmps,
    reach: async (page, messages) => {
      await record(page, messages);
      await live(page, messages);
      await press(page, messages.t('window.recording.saveReplay'));
    },
    hasFigures: true,
  },
  'recording-after-show': {
    query: 'step=20',
    settings: rtmps,
    reach: async (page, messages) => {
      await record(page, messages);
      await live(page, messages);
      await press(page, messages.t('window.button.stop'));
      await says(page, messages.t('window.status.recording'));
    },
    hasFigures: true,
  },
  'engine-gone': {
    query: 'step=20',
    settings: rtmps,
    reach: async (page, messages) => {
      await live(page, messages);
      await page.evaluate(() => window.dispatchEvent(new Event('engine-gone')));
      await says(page, messages.t('window.status.offAir'));
    },
  },
} satisfies Record<string, WindowState>;

export type WindowStateName = keyof typeof states;

export const windowStates: Readonly<Record<WindowStateName, WindowState>> = states;

export const stateNames = Object.keys(states) as WindowStateName[];

/** The window as it opens, the least that is supported, and one column. */
export const sizes = [
  { width: 1280, height: 800 },
  { width: 900, height: 640 },
  { width: 420, height: 900 },
] as const;

export const languages: readonly Language[] = ['en', 'zh-CN'];
