import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressForms, formsAt, tcUrlOf } from '../../../test/support/address-forms.js';
import {
  startRecordingRtmpServer,
  type RecordingRtmpServer,
} from '../../../test/support/recording-rtmp-server.js';
import { parseRtmpUrl, play, publish } from '../src/index.js';
import { selfSigned } from './support/certificate.js';

let server: RecordingRtmpServer;
let ca = '';

beforeAll(async () => {
  const certificate = await selfSigned();
  ca = certificate.cert;
  server = await startRecordingRtmpServer(certificate);
});
afterAll(() => server.close());

const names = addressForms.map(({ name, url }) => [name, url] as const);
const formOf = (name: string) => formsAt(server).find((form) => form.name === name);

describe('what a server is told for an address by the library', () => {
  it.each(names)('%s: %s', async (name) => {
    const form = formOf(name);
    // IPv6, where this machine has none.
    if (!form) return;
    const { app, tcUrl, stream } = form;
    const { streamName = '', ...address } = parseRtmpUrl(form.url, { withKey: true });
    const options = { address, streamKey: streamName, tls: { ca } };
    const publisher = await publish(options);
    await publisher.close();
    expect(server.take()).toEqual([{ app, tcUrl, stream, command: 'publish' }]);
    // Nobody publishes it now; it is asked for all the same.
    await play(options).catch(() => undefined);
    expect(server.take()).toEqual([{ app, tcUrl, stream, command: 'play' }]);
  });
});

describe('what ffmpeg tells for the same address', () => {
  it.each(names)('%s: %s', async (name) => {
    const form = formOf(name);
    if (!form) return;
    const { app = form.app, stream = form.stream } = form.ffmpeg ?? {};
    const silence = ['-f', 'lavfi', '-i', 'anullsrc', '-t', '0.1', '-c:a', 'aac'];
    await promisify(execFile)('ffmpeg', [
      ...['-v', 'error', '-nostdin', ...silence, '-f', 'flv', form.url],
    ]);
    const tcUrl = tcUrlOf(form.url, app);
    expect(server.take()).toEqual([{ app, tcUrl, stream, command: 'publish' }]);
  });
});
