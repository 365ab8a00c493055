import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtInProfileId, type Profile } from '@tallylight/contract';
import { publish } from 'node-rtmp-client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freePort } from '../../../test/support/free-port.js';
import { createLogger } from '../src/logger.js';
import { OutputFactory } from '../src/output-factory.js';
import { createKeyFileCipher } from '../src/profiles/key-file-cipher.js';
import type { Metric } from '../src/server/statistics/prometheus-text.js';
import { ServerControl } from '../src/server/server-control.js';
import { ServerSettingsStore } from '../src/server/server-settings-store.js';

const logger = createLogger({ level: 'silent' });
let folder = '';
let control: ServerControl;

/** What stands behind the server's own metrics, where it answers Prometheus. */
const metrics: Metric[] = [{ name: 'a', type: 'gauge', help: 'A.', series: [{ value: 1 }] }];
const withMetrics = 'with Prometheus';

beforeEach(async ({ task }) => {
  folder = await mkdtemp(join(tmpdir(), 'tallylight-server-control-'));
  const store = new ServerSettingsStore({
    ...{ dataDirectory: folder, logger, onNotice: () => undefined },
    secretCipher: () => createKeyFileCipher(folder),
  });
  control = new ServerControl({
    ...{ logger, viewerDirectory: undefined, isUsed: () => false },
    settings: () => store,
    ...(task.name.includes(withMetrics) && { metrics: () => metrics }),
  });
  await control.update({
    ...{ isOn: true, isPublic: true },
    ...{ rtmpPort: await freePort(), httpPort: await freePort() },
  });
});
afterEach(async () => {
  await control.close();
  await rm(folder, { recursive: true, force: true });
});

test('the built-in profile gives its server the key as that wants it: behind the name, or as a password', async () => {
  const profile = { id: builtInProfileId, name: 'Built-in server', kind: 'built-in' } as Profile;
  const outputs = new OutputFactory({
    ...{ logger, server: control },
    profiles: () => ({ target: () => Promise.resolve({ profile, streamKey: '' }) }),
  });
  for (const wantsPublishAuth of [true, false]) {
    await control.update({ wantsPublishAuth });
    const { publishKey = '' } = await control.keys();
    const target = await outputs.target(builtInProfileId);
    expect(target.streamKey).toBe(wantsPublishAuth ? 'preview' : `preview?key=${publishKey}`);
    const publisher = await publish(target);
    expect(control.running?.isPublished('live', 'preview')).toBe(true);
    await publisher.close();
  }
});

test.each([
  ['without Prometheus has no metrics', 404],
  ['with Prometheus tells it what it is given beside its own', 200],
])('a server that is switched on %s', async (_, status) => {
  const { httpPort } = control.snapshot().settings;
  const { playKey = '' } = await control.keys();
  const answer = await fetch(`http://127.0.0.1:${httpPort}/metrics`, {
    headers: { authorization: `Bearer ${playKey}` },
  });
  expect(answer.status).toBe(status);
  const text = await answer.text();
  expect(/^a 1$/m.test(text)).toBe(status === 200);
  expect(control.metricsUrl === undefined).toBe(status !== 200);
});
