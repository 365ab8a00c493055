import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { promisify } from 'node:util';
import type { CheckSnapshot } from '@tallylight/contract';
import { publish } from 'node-rtmp-client';
import { afterEach, describe, expect, it } from 'vitest';
import { FaultRig } from '../../../test/support/fault-rig/fault-rig.js';
import { startSilentServer } from '../../../test/support/fault-servers.js';
import { hasNginxRtmp, startNginxRtmp } from '../../../test/support/nginx.js';
import { DestinationCheck } from '../src/check/destination-check.js';
import { measureUpload } from '../src/check/measure-upload.js';
import { WindowCheck } from '../src/window/window-check.js';
import { readServerUrl } from '../src/rtmp-address.js';
import { createLogger } from '../src/logger.js';

// What a check says of servers as they are, and whether the upload that it measures is that of the line.

const logger = createLogger({ level: 'silent' });
const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const targetOf = (serverUrl: string, service?: string) => ({
  ...{ id: 'one', name: 'One', address: readServerUrl(serverUrl), streamKey: 'show' },
  ...(service !== undefined && { service }),
});

async function checked(
  options: Omit<ConstructorParameters<typeof DestinationCheck>[0], 'logger'>,
): Promise<CheckSnapshot> {
  const check = new DestinationCheck({ ...options, logger });
  await check.run(AbortSignal.timeout(60_000));
  return check.snapshot;
}

const states = ({ steps }: CheckSnapshot): string =>
  steps.map(({ phase, state }) => `${phase} ${state}`).join(', ');

/** A certificate for 127.0.0.1 that lasts for so many days, and vouches for itself. */
async function certificate(days: number) {
  const folder = await mkdtemp(join(tmpdir(), 'tallylight-check-'));
  try {
    const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    const request = join(folder, 'request.pem');
    const run = (...args: string[]) => promisify(execFile)('openssl', args);
    await run(
      ...['req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
      ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'],
      ...['-keyout', keyFile, '-out', request],
    );
    await run(
      ...['x509', '-req', '-in', request, '-signkey', keyFile, '-days', `${days}`],
      ...['-copy_extensions', 'copy', '-out', certFile],
    );
    return { cert: await readFile(certFile, 'utf8'), key: await readFile(keyFile, 'utf8') };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A server that speaks TLS and then says nothing. */
async function secureServer(pair: { readonly cert: string; readonly key: string }) {
  const server = createTlsServer(pair, (socket) => {
    socket.on('error', () => undefined);
    socket.resume();
    // Nothing of RTMP comes: what matters was before.
    socket.end();
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => new Promise((resolve) => server.close(resolve)));
  return `rtmps://127.0.0.1:${(server.address() as AddressInfo).port}/live`;
}

describe('a check', () => {
  it('is refused by a certificate that nobody vouches for, or that has ended, and says which', async () => {
    const url = await secureServer(await certificate(90));
    const unknown = await checked({ target: targetOf(url), publish: false });
    expect(states(unknown)).toContain('tcp done, tls failed, handshake pending');
    expect(unknown.error).toMatchObject({
      ...{ code: 'TLS_CERTIFICATE', phase: 'tls' },
      data: { reason: { reason: 'certificate-self-signed' } },
    });
    const ended = await certificate(-1);
    const target = targetOf(await secureServer(ended));
    const over = await checked({ target, publish: false, tls: { ca: ended.cert } });
    expect(over.error?.data).toMatchObject({ reason: { reason: 'certificate-expired' } });
  });

  it('tells when a certificate ends, and warns of one that ends within two weeks', async () => {
    for (const days of [10, 90]) {
      const pair = await certificate(days);
      const target = targetOf(await secureServer(pair));
      const told = await checked({ target, publish: false, tls: { ca: pair.cert } });
      const left = ((told.certificate?.validTo ?? 0) - Date.now()) / 86_400_000;
      expect(Math.round(left)).toBe(days);
      const warned = told.warnings.filter(({ code }) => code === 'CERTIFICATE_ENDS');
      expect(warned).toHaveLength(days < 14 ? 1 : 0);
    }
  });

  it('ends at once where it is cancelled, and runs once for a destination, not on air', async () => {
    const silent = await startSilentServer();
    ends.push(silent.stop);
    const url = `rtmp://127.0.0.1:${silent.port}/live`;
    let state: 'idle' | 'live' = 'idle';
    const checks = new WindowCheck({
      logger,
      snapshot: () =>
        ({
          state,
          captureSteps: [],
          outputs: [{ id: 'one', type: 'rtmp', state: 'live' }],
        }) as never,
      openTarget: () => Promise.resolve(targetOf(url)),
    });
    const over = new AbortController();
    const first = await checks.watch({ id: 'one', publish: false }, over.signal);
    await expect(checks.watch({ id: 'one', publish: false }, over.signal)).rejects.toMatchObject({
      info: { code: 'CHECK_RUNNING' },
    });
    let last: CheckSnapshot | undefined;
    for await (const snapshot of first) {
      last = snapshot;
      // Where the server is silent.
      if (states(snapshot).includes('handshake active')) over.abort();
    }
    expect(last && states(last)).toContain('handshake active');
    expect(silent.connections()).toBe(1);
    const typed = { serverUrl: url, streamKey: 'show' };
    const again = await checks.watch({ typed, publish: false }, new AbortController().signal);
    await again.return(undefined);
    state = 'live';
    await expect(checks.watch({ id: 'one', publish: true }, over.signal)).rejects.toMatchObject({
      info: { code: 'CHECK_ON_AIR' },
    });
  });

  it.skipIf(!hasNginxRtmp())(
    'measures, at a real nginx behind a slow line, what that line passes',
    async () => {
      const nginx = await startNginxRtmp();
      ends.push(nginx.stop);
      const rate = 300_000;
      const rig = await FaultRig.start({
        to: { port: nginx.rtmpPort },
        faults: { rate: { up: rate }, latency: 15 },
      });
      ends.push(() => rig.stop());
      const address = readServerUrl(`rtmp://127.0.0.1:${rig.port}/live`);
      const publisher = await publish({ address, streamKey: 'show' });
      const signal = AbortSignal.timeout(30_000);
      const upload = await measureUpload(publisher, { ms: 5_000, signal });
      await publisher.close({ deadlineMs: 1_000 });
      expect(upload?.isRough).toBe(false);
      expect(upload?.isCapped).toBe(false);
      // What the rig says has passed, and not what this machine can do.
      expect((upload?.bitrate ?? 0) / (8 * rate)).toBeGreaterThan(0.8);
      expect((upload?.bitrate ?? 0) / (8 * rate)).toBeLessThan(1.2);
      expect(upload?.recommended).toBeLessThanOrEqual(0.7 * (upload?.bitrate ?? 0));
    },
  );
});
