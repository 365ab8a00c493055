import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasDeviceVm, runInDeviceVm } from '../../test/support/device-vm.js';
import { decodeErrors, probe } from '../../test/support/media.js';
import { buildCli, type Summary } from './run-cli.js';

interface Outcome<S> {
  readonly code: number;
  readonly summary: S;
}

interface Results {
  readonly devices: Outcome<{
    cameras: { id: string; label: string; modes: { width: number; height: number }[] }[];
    microphones: { id: string; label: string }[];
  }>;
  readonly published: Outcome<Summary>;
  readonly played: Outcome<Summary>;
  readonly second: Outcome<Summary>;
}

if (!hasDeviceVm()) {
  console.warn('skipped: no virtual machine with a camera (../shared/device-vm) beside this clone');
}

describe.skipIf(!hasDeviceVm())('on a kernel with a real camera and sound card', () => {
  let out: string;
  let results: Results;

  beforeAll(async () => {
    await buildCli();
    out = await mkdtemp(join(tmpdir(), 'tallylight-vm-'));
    const guest = fileURLToPath(new URL('device-vm-guest.mjs', import.meta.url));
    const { code, output } = await runInDeviceVm([process.execPath, guest], { out, seconds: 400 });
    if (code !== 0) throw new Error(`the guest ended with ${code}: ${output.slice(-4000)}`);
    results = JSON.parse(await readFile(join(out, 'results.json'), 'utf8')) as Results;
  }, 420_000);

  afterAll(() => rm(out, { recursive: true, force: true }));

  test('devices lists the camera with its modes, and the sound card', () => {
    const { code, summary } = results.devices;
    expect(code).toBe(0);
    const camera = summary.cameras.find(({ id }) => id === '/dev/video0');
    expect(camera?.label).toMatch(/vivid/i);
    expect(camera?.modes).toContainEqual(expect.objectContaining({ width: 640, height: 360 }));
    expect(summary.microphones.map(({ id }) => id)).toContain('hw:Loopback,1,0');
  });

  test('publish brings picture and sound of the devices into the built-in server, in a size that the camera lacks', async () => {
    const { code, summary } = results.published;
    expect(code).toBe(6); // interrupted, and stopped cleanly
    expect(results.played.code).toBe(0);
    expect(summary.video.frames).toBeGreaterThan(0);
    expect(summary.audio.frames).toBeGreaterThan(0);
    expect(summary.destinations[0]).toMatchObject({ state: 'stopped', framesDropped: 0 });
    expect(summary.destinations[0]?.framesSent).toBe(summary.video.frames);

    // What the camera gave is in the stream, or told: but for what was on its way when it was stopped.
    const { account } = summary.video;
    expect(account?.offered).toBeGreaterThan(0);
    const { offered = 0, surplus = 0, repeated = 0, encoded = 0, lost } = account ?? {};
    const onTheWay = offered - surplus - (lost?.reading ?? 0) - (lost?.encoder ?? 0) + repeated;
    expect(Math.abs(onTheWay - encoded), JSON.stringify(account)).toBeLessThan(15);

    const played = join(out, 'played.flv');
    expect(await decodeErrors(played)).toBe('');
    const streams = await probe(played);
    expect(streams.find(({ codec_type }) => codec_type === 'video')).toMatchObject({
      codec_name: 'h264',
      width: 336,
      height: 188,
    });
    const sound = streams.find(({ codec_type }) => codec_type === 'audio');
    expect(sound).toMatchObject({ codec_name: 'aac' });
    expect(Number(sound?.nb_read_packets)).toBeGreaterThan(100);
  });

  test('a camera that is in use says so', () => {
    const { code, summary } = results.second;
    expect(code).toBe(5);
    expect(summary.lastError).toMatchObject({ code: 'CAMERA_IN_USE' });
  });
});
