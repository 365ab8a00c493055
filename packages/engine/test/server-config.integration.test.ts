import { execFile } from 'node:child_process';
import { chown, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { serverRoles } from '@tallylight/contract';
import { nginxConfig, type ServerConfigOptions } from '@tallylight/engine';
import { serverConfigWords } from '@tallylight/messages/server-config';
import { within } from 'node-rtmp-client/async';
import { afterEach, describe, expect, test } from 'vitest';
import {
  openFolder,
  startConfiguredNginx,
  type ConfiguredNginx,
  type NginxPlace,
} from '../../../test/support/configured-nginx.js';
import { startFfmpegPublisher } from '../../../test/support/ffmpeg-publisher.js';
import { hasNginxRtmp, startNginxRtmp } from '../../../test/support/nginx.js';
import { serverConfigOptions } from '../../../test/support/server-config-options.js';
import { until } from '../../../test/support/until.js';

// What is written is judged by Debian's nginx, and does what it says.

const run = promisify(execFile);
const english = serverConfigWords('en');
/** An account without rights, whatever it is called. */
const nobody = 65_534;
const words = [english, serverConfigWords('zh-CN')] as const;

/** What nginx's syntax, its variables and URLs could stumble over. */
const oddKey = `a$b "c" \\d;e{f}'g'#h&i=j?k%l+é中~`;

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

const start = async (
  options: (place: NginxPlace) => Partial<ServerConfigOptions>,
): Promise<ConfiguredNginx> => {
  const nginx = await startConfiguredNginx((place) =>
    nginxConfig(
      serverConfigOptions({
        rtmp: { host: '127.0.0.1', port: place.rtmpPort },
        http: { host: '127.0.0.1', port: place.httpPort },
        folder: place.folder,
        ...options(place),
      }),
      english,
    ),
  );
  stops.push(nginx.stop);
  return nginx;
};

const publish = (url: string): ReturnType<typeof startFfmpegPublisher> => {
  const publisher = startFfmpegPublisher(url);
  stops.push(publisher.stop);
  return publisher;
};

const isThere = async (url: string): Promise<boolean> => (await fetch(url)).ok;

const codecs = async (url: string): Promise<string[]> => {
  const show = ['-v', 'error', '-show_entries', 'stream=codec_name', '-of', 'csv=p=0', url];
  const { stdout } = await run('ffprobe', show, { timeout: 60_000 });
  return [...new Set(stdout.split(/\s+/).filter(Boolean))].sort();
};

/** Every set of the given values. */
const subsets = <T>(values: readonly T[]): T[][] =>
  values.reduce<T[][]>((sets, value) => sets.flatMap((set) => [set, [...set, value]]), [[]]);

describe.skipIf(!hasNginxRtmp())('the configuration of nginx', () => {
  const origin = { rtmp: { host: '127.0.0.1', port: 1935 }, http: { host: '::1', port: 8080 } };
  const push = [
    { host: '127.0.0.1', port: 1935, app: 'app/instance', streamKey: 'k"ey$?a=b' },
    { host: '::1', port: 1936, app: undefined, streamKey: undefined },
  ];
  const shared: Partial<ServerConfigOptions>[] = [
    { hls: true },
    { dash: true },
    { stat: true },
    { rtmp: { host: '::1', port: 1935 }, http: { host: '0.0.0.0', port: 8080 }, app: '直播' },
  ];
  const producing: Partial<ServerConfigOptions>[] = [
    { record: '/srv/re cor"d' },
    { push },
    { publishKey: { key: oddKey, variable: 'KEY' } },
  ];
  const all = serverRoles.flatMap((role) =>
    subsets(role === 'edge' ? shared : [...shared, ...producing]).map((set) =>
      serverConfigOptions(Object.assign({ role }, ...set, role === 'edge' && { origin }) as object),
    ),
  );

  test(`passes nginx -t in each of its ${all.length} combinations`, async () => {
    const folder = await openFolder();
    stops.push(() => rm(folder, { recursive: true, force: true }));
    const check = async (options: ServerConfigOptions, index: number): Promise<void> => {
      const file = join(folder, `${index}.conf`);
      const work = join(folder, `${index} wor"k`);
      const inWords = words[index % words.length] ?? english;
      await writeFile(file, nginxConfig({ ...options, folder: work }, inWords));
      const { stderr } = await run('nginx', ['-t', '-c', file]).catch((error: unknown) => {
        throw new Error(`${JSON.stringify(options)}\n${String(error)}`);
      });
      expect(stderr).toContain('test is successful');
      expect(stderr).not.toMatch(/\[(warn|alert|emerg|error)\]/);
    };
    for (let index = 0; index < all.length; index += 4) {
      await Promise.all(
        all.slice(index, index + 4).map((options, more) => check(options, index + more)),
      );
    }
  });

  test.skipIf(process.getuid?.() !== 0)('is for everybody, not for root alone', async () => {
    const folder = await openFolder();
    stops.push(() => rm(folder, { recursive: true, force: true }));
    await chown(folder, nobody, nobody);
    const file = join(folder, 'nginx.conf');
    const [options] = all.slice(-1);
    const work = join(folder, 'work');
    await writeFile(file, nginxConfig({ ...serverConfigOptions(options), folder: work }, english));
    const { stderr } = await run('nginx', ['-t', '-c', file], { uid: nobody, gid: nobody });
    expect(stderr).toContain('test is successful');
    expect(stderr).not.toMatch(/\[(warn|alert|emerg|error)\]/);
  });

  test('takes in, records, pushes, hands out, and keeps the key to itself', async () => {
    const target = await startNginxRtmp();
    stops.push(target.stop);
    const pushKey = 'pushed-k3y';
    const nginx = await start(({ recordings }) => ({
      ...{ hls: true, dash: true, stat: true, record: recordings },
      publishKey: { key: oddKey, variable: 'KEY' },
      push: [{ host: '127.0.0.1', port: target.rtmpPort, app: 'live', streamKey: pushKey }],
    }));
    const encoded = encodeURIComponent(oddKey).replaceAll("'", '%27');
    for (const wrong of [
      '',
      '?key=',
      `?key=${encoded}x`,
      `?key=${encoded.toLowerCase()}`,
      '?kay=x',
    ]) {
      const refused = publish(`${nginx.rtmpUrl}/live/refused${wrong}`);
      expect(await within(refused.ended, 30_000), wrong).toBe(1);
    }
    const publisher = publish(`${nginx.rtmpUrl}/live/one?key=${encoded}`);
    await Promise.race([
      publisher.ended.then(() => Promise.reject(new Error(publisher.complaints()))),
      target.published(pushKey),
    ]);
    const [hls, dash] = [`${nginx.httpUrl}/hls/one.m3u8`, `${nginx.httpUrl}/dash/one.mpd`];
    for (const url of [hls, dash]) {
      await until(url, () => isThere(url));
      expect(await codecs(url)).toEqual(['aac', 'h264']);
      const { headers } = await fetch(url);
      expect(headers.get('access-control-allow-origin')).toBe('*');
      expect(headers.get('cache-control')).toBe('no-cache');
    }
    expect(await codecs(`${nginx.rtmpUrl}/live/one`)).toEqual(['aac', 'h264']);

    const statistics = await (await fetch(`${nginx.httpUrl}/stat`)).text();
    expect(statistics).toContain('<name>one</name>');
    expect(statistics).not.toContain('<name>refused</name>');
    const lists = await Promise.all([hls, dash].map(async (url) => (await fetch(url)).text()));
    const page = await (await fetch(`${nginx.httpUrl}/?stream=one`)).text();
    await publisher.stop();
    const recorded = await until('the recording', async () =>
      (await readdir(nginx.recordings)).find((name) => /^one-\d+\.flv$/.test(name)),
    );
    expect(await codecs(join(nginx.recordings, recorded))).toEqual(['aac', 'h264']);
    const logs = await until('the log of the session', async () => {
      const text = await nginx.logs();
      return text.includes('PUBLISH "live" "one"') && text;
    });
    for (const text of [statistics, ...lists, page, logs, await target.errorLog()]) {
      for (const secret of [oddKey, encoded, 'c%22%20', '?key', 'publish-']) {
        expect(text).not.toContain(secret);
      }
      if (text !== (await target.errorLog())) expect(text).not.toContain(pushKey);
    }
  });

  test('takes a key as it is typed, too', async () => {
    const nginx = await start(() => ({
      stat: true,
      publishKey: { key: 'pa$$"w\\ö;{', variable: 'KEY' },
    }));
    publish(`${nginx.rtmpUrl}/live/typed?key=pa$$"w\\ö;{`);
    await until('the stream', async () =>
      (await (await fetch(`${nginx.httpUrl}/stat`)).text()).includes('<name>typed</name>'),
    );
  });

  test('one origin and two edges: 100 viewers, and the origin serves each segment at most twice', async () => {
    const central = await start(() => ({ role: 'origin', hls: true, dash: true }));
    const startEdge = (): Promise<ConfiguredNginx> =>
      start(() => ({
        ...{ role: 'edge', hls: true, dash: true },
        origin: {
          rtmp: { host: '127.0.0.1', port: central.rtmpPort },
          http: { host: '127.0.0.1', port: central.httpPort },
        },
      }));
    const edges = [await startEdge(), await startEdge()];
    publish(`${central.rtmpUrl}/live/many`);
    await until('the list', () => isThere(`${central.httpUrl}/hls/many.m3u8`));

    // Fifty at each, all at the same time.
    const viewers = edges.flatMap((edge) => Array.from({ length: 50 }, () => watch(edge)));
    const seen = await Promise.all(viewers);
    expect(seen).toHaveLength(100);
    expect(Math.min(...seen.map((names) => names.length))).toBeGreaterThanOrEqual(3);

    const requests = [...(await central.logs()).matchAll(/"GET (\/hls\/\S+\.ts)" (\d+)/g)];
    const counts = new Map<string, number>();
    for (const [, path = ''] of requests) counts.set(path, (counts.get(path) ?? 0) + 1);
    const asked = new Set(seen.flat());
    expect([...counts.keys()].sort()).toEqual([...asked].map((name) => `/hls/${name}`).sort());
    expect(Math.max(...counts.values())).toBeLessThanOrEqual(2);
    expect(await central.logs(), 'lists are not logged').not.toContain('.m3u8');

    for (const edge of edges) {
      expect(await codecs(`${edge.rtmpUrl}/live/many`)).toEqual(['aac', 'h264']);
      expect(await codecs(`${edge.httpUrl}/dash/many.mpd`)).toEqual(['aac', 'h264']);
      const stray = publish(`${edge.rtmpUrl}/live/stray`);
      expect(await within(stray.ended, 30_000)).toBe(1);
    }
  });
});

/** Fetches what an HLS player would, until it has seen three segments. @returns their names. */
async function watch({ httpUrl }: ConfiguredNginx): Promise<string[]> {
  const seen: string[] = [];
  await until('three segments', async () => {
    const list = await (await fetch(`${httpUrl}/hls/many.m3u8`)).text();
    for (const name of list.match(/^many-.*\.ts$/gm) ?? []) {
      if (seen.includes(name)) continue;
      const answer = await fetch(`${httpUrl}/hls/${name}`);
      expect(answer.status).toBe(200);
      expect((await answer.arrayBuffer()).byteLength).toBeGreaterThan(1_000);
      seen.push(name);
    }
    return seen.length >= 3;
  });
  return seen;
}
