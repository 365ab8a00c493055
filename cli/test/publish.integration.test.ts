import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RtmpServer } from 'node-rtmp-client';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../test/support/free-port.js';
import {
  clip,
  countFrames,
  decodeErrors,
  decodeTimes,
  probe,
  strictlyRising,
} from '../../test/support/media.js';
import { hasNginxRtmp, startNginxRtmp, type NginxRtmp } from '../../test/support/nginx.js';
import { descendants, isRunning } from '../../test/support/processes.js';
import { until } from '../../test/support/until.js';
import { buildCli, killLeftovers, runCli, runProcess, sendsFrames, startCli } from './run-cli.js';

/** A server that can tell an unpublish from a connection that just ends. */
async function startWitness() {
  let encoder: unknown;
  let tell: (how: string) => void = () => undefined;
  const howItEnded = new Promise<string>((resolve) => (tell = resolve));
  const server = new RtmpServer({
    async onPublish(publication) {
      publication.accept();
      let items = 0;
      for await (const item of publication.items) {
        if (item.type === 'packet') items += 1;
        else if (item.type === 'metadata') encoder = item.value['encoder'];
      }
      const error = await publication.closed;
      tell(error?.message ?? (items > 0 ? 'in order' : 'without a packet'));
    },
  });
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
  const serverUrl = `rtmp://127.0.0.1:${port}/live`;
  return { serverUrl, howItEnded, encoder: () => encoder, stop: () => server.close() };
}

describe.skipIf(!hasNginxRtmp())('publish into nginx-rtmp (needs nginx with the module)', () => {
  let folder = '';
  let nginx: NginxRtmp;
  afterEach(killLeftovers);
  beforeAll(async () => {
    await buildCli();
    folder = await mkdtemp(join(tmpdir(), 'tallylight-publish-'));
    nginx = await startNginxRtmp();
  });
  afterAll(async () => {
    await nginx.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Published for 5 s, nginx has recorded exactly what the summary says, and a decoder likes it. */
  async function publishFor5s(name: string, args: readonly string[]): Promise<void> {
    const to = `${nginx.serverUrl}/${name}`;
    const result = await runProcess(['publish', ...args, '--to', to, '--duration', '5', '--json']);
    const context = result.stdout.slice(-3000) + result.stderr;
    expect(result.code, context).toBe(0);

    const { summary } = result;
    const recording = await nginx.recording(name);
    expect(await decodeErrors(recording)).toBe('');
    const streams = await probe(recording);
    expect(streams.map((stream) => stream.codec_name).sort()).toEqual(['aac', 'h264']);
    expect(await countFrames(recording)).toBe(summary.video.frames);
    const audio = streams.find((stream) => stream.codec_type === 'audio');
    expect(Number(audio?.nb_read_packets)).toBe(summary.audio.frames);
    for (const track of ['v:0', 'a:0'] as const) {
      expect(strictlyRising(await decodeTimes(recording, track))).toBe(true);
    }
    expect(summary.destinations).toMatchObject([
      { url: nginx.serverUrl, framesSent: summary.video.frames, framesDropped: 0 },
    ]);
    // Five seconds, whatever the machine; the source's own losses are told apart.
    expect(summary.durationMs).toBeGreaterThan(4_500);
    const types = new Set(result.lines.map(({ type }) => type));
    expect([...types].sort()).toEqual(['state', 'stats', 'summary']);
    expect(result.stdout + result.stderr).not.toContain(name);
  }

  test('a file, copied', async () => {
    await publishFor5s('copied-k3y', ['--source', `file:${await clip(folder)}`, '--copy']);
  });

  test('the test picture', async () => {
    await publishFor5s('picture-k3y', ['--source', 'test', '--size', '640x360']);
  });

  test('a recording of our own has the same frames, and --events tells what happened', async () => {
    const file = join(folder, 'own.flv');
    const result = await runProcess([
      ...['publish', '--source', 'test', '--size', '320x180', '--duration', '4', '--json'],
      ...['--to', `${nginx.serverUrl}/with-recording`, '--record', file, '--events'],
    ]);
    expect(result.code, result.stderr).toBe(0);
    const events = result.lines.filter(({ type }) => type === 'event');
    expect(events.map(({ event }) => event)).toEqual(
      expect.arrayContaining(['began', 'recording-began', 'destination-live', 'ended']),
    );
    expect(JSON.stringify(events)).not.toContain('with-recording');
    expect(await decodeErrors(file)).toBe('');
    expect(await countFrames(file)).toBe(result.summary.video.frames);
    expect(result.summary.recording).toMatchObject({ path: file });
  });

  test('one of two servers is down: the other gets everything, and the exit code tells', async () => {
    const down = `rtmp://127.0.0.1:${await freePort()}/live/one-of-two`;
    const result = await runCli([
      ...['publish', '--source', 'test', '--size', '320x180', '--duration', '3', '--json'],
      ...['--to', down, '--to', `${nginx.serverUrl}/one-of-two`],
    ]);
    expect(result.code, result.stderr).toBe(7);
    const { video, destinations, lastError } = result.summary;
    expect(lastError?.code).toBe('CONNECTION_REFUSED');
    expect(destinations).toMatchObject([
      { state: 'failed', framesSent: 0 },
      { state: 'stopped', framesSent: video.frames, framesDropped: 0 },
    ]);
  });

  test('--trace writes every message, readably, and no key; a file that exists is left alone', async () => {
    const trace = join(folder, 'trace.txt');
    const key = 'tr4ce-secret?token=h1dden-t0ken';
    const args = ['publish', '--source', 'test', '--to', nginx.serverUrl, '--key', key];
    const result = await runCli([...args, '--duration', '2', '--trace', trace, '--json']);
    expect(result.code, result.stderr).toBe(0);
    const text = await readFile(trace, 'utf8');
    const lines = text.trimEnd().split('\n');
    for (const line of lines) expect(line).toMatch(/^\d\d:\d\d:\d\d\.\d{3} [<>] \S/);
    for (const what of [
      'connect',
      '_result',
      'createStream',
      'publish',
      'NetStream.Publish.Start',
    ]) {
      expect(text).toContain(what);
    }
    for (const secret of ['tr4ce-secret', 'h1dden-t0ken']) expect(text).not.toContain(secret);
    const pictures = lines.filter((line) => line.includes('> video '));
    // The configuration is a message, too.
    expect(pictures.length).toBeGreaterThanOrEqual(result.summary.video.frames);
    // Small: no payload is in it.
    expect(text.length / lines.length).toBeLessThan(200);

    const again = await runCli([...args, '--duration', '2', '--trace', trace, '--json']);
    expect(again.code).toBe(2);
    expect(again.stderr).toContain('exists already');
    expect(await readFile(trace, 'utf8')).toBe(text);
  });

  test('SIGINT stops cleanly: unpublished, recording closed, exit code 6', async () => {
    const file = join(folder, 'interrupted.flv');
    const witness = await startWitness();
    const running = startCli([
      ...['publish', '--source', 'test', '--size', '320x180', '--json', '--record', file],
      ...['--to', `${nginx.serverUrl}/interrupted`, '--to', `${witness.serverUrl}/interrupted`],
    ]);
    await nginx.published('interrupted');
    await running.line(sendsFrames);
    running.child.kill('SIGINT');
    const result = await running.done;
    expect(result.code, result.stderr).toBe(6);
    expect(result.summary.lastError).toBeUndefined();
    expect(await witness.howItEnded).toBe('in order');
    expect(witness.encoder()).toMatch(/^Tallylight\/\d/);
    await witness.stop();
    const recording = await nginx.recording('interrupted');
    expect(await countFrames(recording)).toBe(result.summary.video.frames);
    expect(await decodeErrors(file)).toBe('');
    expect(await countFrames(file)).toBe(result.summary.video.frames);
  });

  test('SIGKILL leaves no ffmpeg behind', async () => {
    const running = startCli([
      ...['publish', '--source', 'test', '--size', '320x180', '--json'],
      ...['--to', `${nginx.serverUrl}/killed`],
    ]);
    await nginx.published('killed');
    const children = await until('ffmpeg to run', async () => {
      const found = await descendants(running.pid);
      return found.some(({ commandLine }) => commandLine.includes('ffmpeg')) && found;
    });
    running.child.kill('SIGKILL');
    await running.done;
    for (const { pid, commandLine } of children) {
      await until(`${commandLine} to end`, async () => !(await isRunning(pid)));
    }
  });
});
