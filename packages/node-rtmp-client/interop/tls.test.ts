import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { ffmpegPlayer, ffmpegPublisher } from './ffmpeg-peer.js';
import { gstreamerPlayer, gstreamerPublisher, publishWithGstreamer } from './gstreamer-peer.js';
import { rtmpdumpPlayer } from './librtmp-peer.js';
import { tryCase } from './matrix.js';
import { ours, ourPlayer, ourPublisher, ourServer } from './our-peer.js';
import { relayed } from './relayed.js';
import { recordingProcess } from './recording-process.js';
import type { Player, Publisher, Serving } from './roles.js';
import { openWorkbench, type Workbench } from './workbench.js';

const run = promisify(execFile);

let bench: Workbench;
/** The second one speaks TLS 1.2 at most. */
let servings: readonly Serving[];
let cert: string;

async function makeCertificate(folder: string): Promise<{ cert: string; key: string }> {
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  await run('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
    ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2'],
    ...['-keyout', keyFile, '-out', certFile],
  ]);
  return { cert: await readFile(certFile, 'utf8'), key: await readFile(keyFile, 'utf8') };
}

beforeAll(async () => {
  bench = await openWorkbench();
  const tls = await makeCertificate(bench.folder);
  cert = tls.cert;
  servings = [
    await ourServer({ tls }).start(),
    await ourServer({ tls: { ...tls, maxVersion: 'TLSv1.2' } }).start(),
  ];
});
afterAll(async () => {
  for (const serving of servings) await serving.stop();
  await bench.remove();
});

const trusting = {
  publish: (): Publisher => ourPublisher({ tls: { ca: cert } }),
  play: (): Player => ourPlayer({ tls: { ca: cert } }),
};
const ourTlsPublisher: Publisher = {
  name: ours,
  publish: (url, clip) => trusting.publish().publish(url, clip),
};
const ourTlsPlayer: Player = { name: ours, play: (url, file) => trusting.play().play(url, file) };

/** GStreamer knows no way to be given a certificate to trust for this element. */
const anyCertificate = 'tls-validation-flags=no-flags';
const gstreamerTlsPublisher: Publisher = {
  ...gstreamerPublisher,
  publish: (url, clip) =>
    publishWithGstreamer(['rtmp2sink', `location=${url}`, 'sync=false', anyCertificate], clip),
};
const gstreamerTlsPlayer: Player = {
  ...gstreamerPlayer,
  play: (url, file) =>
    recordingProcess(file, 'gst-launch-1.0', [
      ...['-q', '-e', 'rtmp2src', `location=${url}`, anyCertificate, '!'],
      ...['filesink', 'buffer-mode=unbuffered', `location=${file}`],
    ]),
};

const old = "RTMPS, TLS 1.2: librtmp built with GnuTLS fails on TLS 1.3's session ticket";

const cases: readonly { publishes: Publisher; plays: Player; old?: string }[] = [
  { publishes: ffmpegPublisher, plays: ourTlsPlayer },
  { publishes: gstreamerTlsPublisher, plays: ourTlsPlayer },
  { publishes: ourTlsPublisher, plays: ffmpegPlayer },
  { publishes: ourTlsPublisher, plays: gstreamerTlsPlayer },
  { publishes: ourTlsPublisher, plays: rtmpdumpPlayer, old },
];

describe('RTMPS', () => {
  for (const { publishes, plays, old } of cases) {
    it(`${publishes.name} publishes, ${plays.name} plays`, (context) =>
      tryCase(context, { publishes, serves: ourServer(), plays, note: old ?? 'RTMPS' }, () => {
        const serving = servings[old === undefined ? 0 : 1];
        if (serving === undefined) throw new Error('no server');
        return relayed(bench, { publishes, serving, plays });
      }));
  }
});
