import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { ServerSnapshot } from '@tallylight/contract';
import { parseRtmpUrl, publish, type Credentials } from 'node-rtmp-client';
import { describe, expect, it } from 'vitest';
import { freePort } from '../../../test/support/free-port.js';
import { failure, type ContractFixture } from './contract-fixture.js';

/** The built-in server, as a window switches it on and sees it. */
export function serverTests(current: () => ContractFixture): void {
  describe('the built-in server', () => {
    /** Two that are free, and not the same. */
    const freePorts = async () => ({ rtmpPort: await freePort(), httpPort: await freePort() });

    async function watch() {
      const end = new AbortController();
      const { server } = current().window.client;
      const snapshots = (await server.watch(undefined, { signal: end.signal }))[
        Symbol.asyncIterator
      ]();
      return {
        until: async (wanted: (snapshot: ServerSnapshot) => boolean): Promise<ServerSnapshot> => {
          for (;;) {
            const { value, done } = await snapshots.next();
            if (done) throw new Error('the server is not watched any more');
            if (wanted(value)) return value;
          }
        },
        stop: async () => {
          end.abort();
          await snapshots.return();
        },
      };
    }

    it('is off, with the usual ports and for this machine alone, until it is switched on', async () => {
      const { until, stop } = await watch();
      expect(await until(() => true)).toEqual({
        settings: {
          ...{ isOn: false, isPublic: false, wantsPlayKey: true, recordTo: '' },
          wantsPublishAuth: false,
          ...{ rtmpPort: 1935, httpPort: 8080 },
        },
        ...{ state: 'off', hosts: [], streams: [], refusals: [] },
      });
      expect(await current().window.client.server.revealKeys()).toEqual({});
      await stop();
    });

    it('is switched on, and off again, when nobody listens any more', async () => {
      const { server } = current().window.client;
      const ports = await freePorts();
      const { until, stop } = await watch();
      await server.update({ isOn: true, ...ports });
      const { hosts } = await until(({ state }) => state === 'on');
      expect(hosts).toEqual([{ host: '127.0.0.1', network: 'lo', reach: 'this-machine' }]);
      const { url, until: expires } = await server.viewerLink({ host: '127.0.0.1' });
      expect(expires).toBeUndefined();
      expect((await fetch(url)).status).toBe(200);

      await server.update({ isOn: false });
      await until(({ state }) => state === 'off');
      await expect(fetch(url)).rejects.toThrow();
      expect(await failure(server.viewerLink({ host: '127.0.0.1' }))).toMatchObject({
        code: 'SERVER_OFF',
      });
      await stop();
    });

    it('is open to the network only with keys, which are told when asked for and stored encrypted', async () => {
      const { directory, engine, window } = current();
      const { server } = window.client;
      const { rtmpPort, httpPort } = await freePorts();
      const { until, stop } = await watch();
      await server.update({ isOn: true, isPublic: true, rtmpPort, httpPort });
      const on = await until(({ state }) => state === 'on');
      expect(on.hosts.at(-1)).toMatchObject({ host: '127.0.0.1', reach: 'this-machine' });

      const { publishKey = '', playKey = '' } = await server.revealKeys();
      expect(new Set([publishKey, playKey, '']).size).toBe(3);
      expect(publishKey).toMatch(/^[\w-]{24}$/);
      const seen = [JSON.stringify(on), await readFile(join(directory, 'server.json'), 'utf8')];
      for (const key of [publishKey, playKey])
        for (const text of [...seen, engine.log]) expect(text).not.toContain(key);

      const publishes = (name: string, login: { credentials?: Credentials } = {}) =>
        publish({
          address: { ...parseRtmpUrl(`rtmp://127.0.0.1:${rtmpPort}/live`), ...login },
          streamKey: name,
        });
      await expect(publishes('one')).rejects.toThrow('publish key');
      const { refusals } = await until((snapshot) => snapshot.refusals.length > 0);
      expect(refusals).toMatchObject([
        { role: 'publisher', remote: '127.0.0.1', why: { reason: 'publish-key-missing' } },
      ]);
      const publisher = await publishes(`one?key=${publishKey}`);
      await until(({ streams }) => streams.some(({ name }) => name === 'one'));

      const link = await server.viewerLink({ host: '127.0.0.1' });
      expect(link.url).not.toContain(playKey);
      expect(link.until).toBeGreaterThan(Date.now());
      expect((await fetch(link.url)).status).toBe(200);
      expect((await fetch(new URL('/', link.url))).status).toBe(403);

      await server.update({ wantsPublishAuth: true });
      await until(({ state, settings }) => state === 'on' && settings.wantsPublishAuth);
      const log = (user: string, password: string) =>
        publishes('two', { credentials: { user, password } });
      await expect(publishes(`two?key=${publishKey}`)).rejects.toMatchObject({
        code: 'auth-required',
      });
      await expect(log('anybody', playKey)).rejects.toMatchObject({ code: 'auth-failed' });
      const authenticated = await log('anybody', publishKey);
      await until(({ streams }) => streams.some(({ name }) => name === 'two'));

      await server.renewKey({ key: 'playKey' });
      await until(({ state }) => state === 'on');
      expect((await server.revealKeys()).playKey).not.toBe(playKey);
      expect((await fetch(link.url)).status).toBe(403);
      for (const each of [publisher, authenticated]) await each.close().catch(() => undefined);
      await stop();
    });

    it('says beside which field it cannot run, and runs once that is mended', async () => {
      const { server } = current().window.client;
      const taken = createServer();
      await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
      const { port: httpPort } = taken.address() as AddressInfo;
      const rtmpPort = await freePort();
      const { until, stop } = await watch();
      await server.update({ isOn: true, rtmpPort, httpPort });
      expect(await until(({ state }) => state === 'failed')).toMatchObject({
        problem: {
          field: 'httpPort',
          error: {
            code: 'PORT_IN_USE',
            data: { address: { reason: 'port', data: { port: httpPort } } },
          },
        },
        hosts: [],
      });
      await new Promise((resolve) => taken.close(resolve));
      await server.update({ isOn: true });
      expect((await until(({ state }) => state === 'on')).problem).toBeUndefined();
      await stop();
    });

    it('does not take a folder that is not there, and stays as it is', async () => {
      const { server } = current().window.client;
      const { until, stop } = await watch();
      const recordTo = join(current().directory, 'absent');
      expect(await failure(server.update({ recordTo }))).toMatchObject({
        code: 'SERVER_FOLDER_UNUSABLE',
        data: { folder: recordTo, reason: { reason: 'no-such-folder' } },
      });
      expect((await until(() => true)).settings.recordTo).toBe('');
      await stop();
    });

    it('is not changed under a broadcast that goes into it', async () => {
      const { engine, window } = current();
      engine.isServerUsed = true;
      const { server } = window.client;
      expect(await failure(server.update({ isOn: true }))).toMatchObject({ code: 'SERVER_IN_USE' });
      expect(await failure(server.renewKey({ key: 'publishKey' }))).toMatchObject({
        code: 'SERVER_IN_USE',
      });
    });
  });
}
