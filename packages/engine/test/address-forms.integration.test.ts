import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { publish, splitWholeUrl } from 'node-rtmp-client';
import { addressForms, formsAt } from '../../../test/support/address-forms.js';
import {
  startRecordingRtmpServer,
  type RecordingRtmpServer,
} from '../../../test/support/recording-rtmp-server.js';
import { createEngine, createKeyFileCipher, createLogger, type Engine } from '../src/index.js';

let server: RecordingRtmpServer;
let folder = '';
let engine: Engine;

beforeAll(async () => {
  server = await startRecordingRtmpServer();
  folder = await mkdtemp(join(tmpdir(), 'tallylight-addresses-'));
  engine = createEngine({
    ...{ dataDirectory: folder, version: '0.0.0', shell: 'browser' },
    secretCipher: await createKeyFileCipher(folder),
    logger: createLogger({ level: 'silent' }),
  });
});
afterAll(async () => {
  await engine.close();
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

// A slash at the end of a server's URL says that the key is still to come.
const plain = addressForms.filter(
  ({ url, name }) => !url.startsWith('rtmps:') && name !== 'a slash too many',
);

test.each(plain.map(({ name, url }) => [name, url] as const))(
  'a profile tells its server what its address says: %s, %s',
  async (name) => {
    const form = formsAt(server).find((each) => each.name === name);
    if (!form) return;
    // As the window and the command line save it.
    const { serverUrl, streamKey, credentials } = splitWholeUrl(form.url) ?? {
      serverUrl: form.url,
    };
    await engine.profiles.save({
      ...{ name, serverUrl, ...credentials },
      ...(streamKey !== undefined && { streamKey }),
    });
    const target = await engine.openTarget(name);
    expect(target.address.credentials).toEqual(credentials);
    const publisher = await publish(target);
    await publisher.close();
    const { app, tcUrl, stream } = form;
    expect(server.take()).toEqual([{ app, tcUrl, stream, command: 'publish' }]);
  },
);
