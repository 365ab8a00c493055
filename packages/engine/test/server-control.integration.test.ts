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
import { ServerControl } from '../src/server/server-control.js';
import { ServerSettingsStore } from '../src/server/server-settings-store.js';

const logger = createLogger({ level: 'silent' });
let folder = '';
let control: ServerControl;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallylight-server-control-'));
  const store = new ServerSettingsStore({
    ...{ dataDirectory: folder, logger, onNotice: () => undefined },
    secretCipher: () => createKeyFileCipher(folder),
  });
  control = new ServerControl({
    ...{ logger, viewerDirectory: undefined, isUsed: () => false },
    settings: () => store,
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
