import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { clip, decodeErrors, decodeTimes, probe } from '../../../test/support/media.js';
import { hasNginxRtmp, startNginxRtmp, type NginxRtmp } from '../../../test/support/nginx.js';
import { until } from '../../../test/support/until.js';

const run = promisify(execFile);
const packageFolder = fileURLToPath(new URL('..', import.meta.url));
const root = fileURLToPath(new URL('../../..', import.meta.url));

let folder: string;
/** An empty project into which the package was installed as it would be published. */
let project: string;
let packed: string[];
let flv: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'node-rtmp-client-package-'));
  // Built in a copy: what an earlier build has left behind is no part of the package, and others use the folder.
  const copy = join(folder, 'repository/packages/node-rtmp-client');
  await mkdir(copy, { recursive: true });
  const needed = [
    'package.json',
    'tsconfig.json',
    'README.md',
    'SPEC.md',
    'LICENSE',
    'src',
    'test',
  ];
  for (const name of needed) {
    await cp(join(packageFolder, name), join(copy, name), { recursive: true });
  }
  await cp(join(root, 'tsconfig.base.json'), join(folder, 'repository/tsconfig.base.json'));
  await symlink(join(root, 'node_modules'), join(folder, 'repository/node_modules'));
  await run('npm', ['pack', '--pack-destination', folder], { cwd: copy });
  const [tarball = ''] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
  packed = (await run('tar', ['-tzf', join(folder, tarball)])).stdout.trim().split('\n');
  project = join(folder, 'project');
  await mkdir(project);
  await writeFile(join(project, 'package.json'), '{ "private": true, "type": "module" }');
  const quiet = ['--offline', '--no-audit', '--no-fund'];
  await run('npm', ['install', ...quiet, join(folder, tarball)], { cwd: project });
  const readme = await readFile(join(project, 'node_modules/node-rtmp-client/README.md'), 'utf8');
  for (const name of await readdir(join(packageFolder, 'examples'))) {
    const example = await readFile(join(packageFolder, 'examples', name), 'utf8');
    expect(readme, `the README shows ${name}`).toContain(`\`\`\`js\n${example}\`\`\``);
    await writeFile(join(project, name), example);
  }
  flv = join(folder, 'clip.flv');
  await run('ffmpeg', ['-v', 'error', '-t', '3', '-i', await clip(folder), '-c', 'copy', flv]);
}, 600_000);

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('the package', () => {
  it('has what a program needs, the sources that its maps name, and no tests', () => {
    expect(packed).toContain('package/dist/index.js');
    expect(packed).toContain('package/dist/index.d.ts');
    expect(packed).toContain('package/dist/async/index.js');
    expect(packed).toContain('package/src/index.ts');
    expect(packed).toContain('package/SPEC.md');
    expect(packed).toContain('package/LICENSE');
    expect(packed.filter((name) => /test|fuzz|interop|tsbuildinfo/.test(name))).toEqual([]);
  });

  it('needs no other package', async () => {
    expect(
      (await readdir(join(project, 'node_modules'))).filter((name) => !name.startsWith('.')),
    ).toEqual(['node-rtmp-client']);
  });

  it.each([
    { moduleResolution: 'node16', module: 'node16' },
    { moduleResolution: 'bundler', module: 'esnext' },
  ])('has types under $moduleResolution', async ({ moduleResolution, module }) => {
    const consumer = join(project, moduleResolution);
    await mkdir(consumer);
    await mkdir(join(project, 'node_modules/@types'), { recursive: true });
    await symlink(
      join(root, 'node_modules/@types/node'),
      join(project, 'node_modules/@types/node'),
    ).catch(() => undefined);
    await writeFile(
      join(consumer, 'consumer.ts'),
      `import { AsyncQueue, wait } from 'node-rtmp-client/async';
import { FlvDemuxer, parseRtmpUrl, publish, RtmpError, RtmpServer, type EncodedPacket } from 'node-rtmp-client';
const publisher = await publish({ address: parseRtmpUrl('rtmp://localhost/live'), streamKey: 'key' });
const packets: EncodedPacket[] = [];
for (const item of new FlvDemuxer().push(new Uint8Array())) if (item.type === 'packet') packets.push(item.packet);
for (const packet of packets) await publisher.write(packet);
const reason: RtmpError | undefined = await publisher.closed;
// @ts-expect-error a packet is no text
await publisher.write('packet');
const queue = new AsyncQueue<EncodedPacket>({ maxItems: 8 });
const isOver: boolean = await wait(1);
export { isOver, queue, reason, RtmpServer };
`,
    );
    const compilerOptions = {
      ...{ module, moduleResolution, target: 'es2022', strict: true, noEmit: true },
      ...{ types: ['node'], lib: ['es2023'], skipLibCheck: false },
    };
    await writeFile(
      join(consumer, 'tsconfig.json'),
      JSON.stringify({ compilerOptions, include: ['consumer.ts'] }),
    );
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const { stdout } = await run(process.execPath, [tsc, '-p', consumer]).catch(
      (error: unknown) => error as { stdout: string },
    );
    expect(stdout).toBe('');
  });
});

if (!hasNginxRtmp()) console.warn('Without nginx and its RTMP module, the examples are not run.');

describe.runIf(hasNginxRtmp())('the examples of the README', () => {
  let nginx: NginxRtmp;
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    nginx = await startNginxRtmp();
  });

  afterEach(async () => {
    for (const child of children.splice(0)) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  });

  afterAll(async () => {
    await nginx.stop();
  });

  interface Running {
    readonly child: ChildProcess;
    readonly output: () => string;
    /** Its exit code, and what it has complained about. */
    readonly ended: Promise<{ readonly code: number | null; readonly complaints: string }>;
  }

  function start(command: string, args: readonly string[], env: Record<string, string>): Running {
    const child = spawn(command, args, { cwd: project, env: { ...process.env, ...env } });
    children.push(child);
    let [output, complaints] = ['', ''];
    child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()));
    child.stderr.on('data', (bytes: Buffer) => (complaints += bytes.toString()));
    const ended = once(child, 'close').then(([code]) => ({
      ...{ code: code as number | null, complaints },
    }));
    return { child, output: () => output, ended };
  }

  const example = (name: string, args: string[], env: Record<string, string> = {}): Running =>
    start(process.execPath, [name, ...args], env);

  const publishClip = (url: string): Running =>
    start('ffmpeg', ['-v', 'error', '-re', '-i', flv, '-c', 'copy', '-f', 'flv', url], {});

  const inOrder = { code: 0, complaints: '' };

  async function packets(file: string): Promise<{ video: number; audio: number }> {
    expect(await decodeErrors(file)).toBe('');
    const streams = await probe(file);
    const count = (type: string): number =>
      Number(streams.find(({ codec_type }) => codec_type === type)?.nb_read_packets ?? 0);
    return { video: count('video'), audio: count('audio') };
  }

  it('publishes a file', async () => {
    const env = { STREAM_KEY: 'file' };
    const publisher = example('publish-file.js', [flv, nginx.serverUrl], env);
    expect(await publisher.ended).toEqual(inOrder);
    expect(await packets(await nginx.recording('file'))).toEqual(await packets(flv));
  });

  it('publishes live packets', async () => {
    const publisher = example('publish-live.js', [nginx.serverUrl], { STREAM_KEY: 'live' });
    const encoder = spawn('ffmpeg', [
      ...['-v', 'error', '-re', '-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=30', '-t', '2'],
      ...['-c:v', 'libx264', '-tune', 'zerolatency', '-g', '60'],
      ...['-bsf:v', 'h264_metadata=aud=insert', '-f', 'h264', '-'],
    ]);
    children.push(encoder);
    if (publisher.child.stdin !== null) encoder.stdout.pipe(publisher.child.stdin);
    expect(await publisher.ended).toEqual(inOrder);
    expect(await packets(await nginx.recording('live'))).toEqual({ video: 60, audio: 0 });
  });

  it('serves, and plays into a file', async () => {
    const server = example('serve.js', ['0'], { PUBLISH_PASSWORD: 'secret' });
    const url = await until('an address', () => /^rtmp:\S+/m.exec(server.output())?.[0]);
    const refused = publishClip(`${url}/camera?password=guess`);
    expect((await refused.ended).code).not.toBe(0);

    const publisher = publishClip(`${url}/camera?password=secret`);
    await until('the stream', () => server.output().includes('published'));
    const player = example('play.js', [url, 'camera', 'recording.flv']);
    expect(await publisher.ended).toEqual(inOrder);
    expect(await player.ended).toEqual(inOrder);
    const recording = join(project, 'recording.flv');
    const sent = await packets(flv);
    // The player came while it was live, and got everything since the last keyframe: here, the first.
    expect((await packets(recording)).video).toBe(sent.video);
    const { stdout } = await run('ffprobe', [
      ...['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', recording],
    ]);
    const times = await decodeTimes(recording, 'v:0');
    expect(Number(stdout) * 1000).toBeGreaterThanOrEqual(times.at(-1) ?? Infinity);

    server.child.kill('SIGINT');
    expect((await server.ended).code).toBe(0);
  });

  it('relays', async () => {
    const source = `${nginx.serverUrl}/source`;
    const publisher = publishClip(source);
    await nginx.published('source');
    const relay = example('relay.js', [], {
      SOURCE: source,
      TARGETS: `${nginx.serverUrl}/first ${nginx.serverUrl}/second`,
    });
    await Promise.all([nginx.published('first'), nginx.published('second')]);
    expect(await publisher.ended).toEqual(inOrder);
    // nginx tells those who play that it is over.
    expect(await relay.ended).toEqual(inOrder);
    const first = await packets(await nginx.recording('first'));
    expect(first.video).toBeGreaterThan(0);
    expect(first.audio).toBeGreaterThan(0);
    expect(await packets(await nginx.recording('second'))).toEqual(first);
  });
});
