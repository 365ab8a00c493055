import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { builtInProfileId, describeError } from '@tallylight/contract';
import { failure, type ContractFixture } from './contract-fixture.js';

/** Calls: their answers, their errors, and what is not a call. */
export function procedureTests(current: () => ContractFixture): void {
  describe('procedures', () => {
    it('tell about the engine', async () => {
      const { window } = current();
      const info = await window.client.system.info();
      expect(info).toMatchObject({ version: '1.2.3', secrets: { type: 'key-file' } });
    });

    it('keep settings, field by field', async () => {
      const { window } = current();
      const before = await window.client.settings.get();
      const after = await window.client.settings.update({ fps: 60, cameraId: 'front' });
      expect(after).toEqual({ ...before, fps: 60, cameraId: 'front' });
      expect(await window.client.settings.get()).toEqual(after);
    });

    it('refuse settings that make no sense, and keep the old ones', async () => {
      const { window } = current();
      const before = await window.client.settings.get();
      expect(await failure(window.client.settings.update({ fps: 0, width: 1280.5 }))).toMatchObject(
        {
          code: 'INVALID_OPTION',
          data: { reason: { reason: 'field-not-accepted', data: { field: 'width, fps' } } },
        },
      );
      expect(await window.client.settings.get()).toEqual(before);
    });

    it('open the way in for a stream, and tell when somebody publishes there', async () => {
      const { engine, window } = current();
      const address = await window.client.streamInput.open();
      expect(address.url).toBe(`${address.serverUrl}/${address.streamKey}`);
      const watch = await window.client.streamInput.watch({});
      expect((await watch.next()).value).toEqual({ address, isPublished: false });
      engine.publishInput();
      expect((await watch.next()).value).toEqual({ address, isPublished: true });
      await watch.return();
      const onServer = await window.client.streamInput.watch({ from: { app: 'a', name: 'b' } });
      expect((await onServer.next()).value).toEqual({ isPublished: true });
      await onServer.return();
    });

    it('put files in order, tell what is in them, and lead what is played', async () => {
      const { engine, window } = current();
      const { files } = window.client;
      const watch = await files.watch();
      expect((await watch.next()).value).toEqual({ files: [], repeat: false, copy: false });
      await files.add({ paths: ['/films/a.mp4', '/films/notes.txt'] });
      await files.move({ id: 'file-2', to: 0 });
      await files.update({ repeat: true });
      const wanted = {
        ...{ repeat: true, copy: false },
        files: [
          { id: 'file-2', name: 'notes.txt', error: { code: 'FILE_UNREADABLE' } },
          { id: 'file-1', name: 'a.mp4', durationMs: 2000, canCopy: true },
        ],
      };
      await vi.waitFor(async () => expect((await watch.next()).value).toMatchObject(wanted));
      engine.files.notePlayback({ id: 'file-1', positionMs: 250, isPaused: false });
      await vi.waitFor(async () =>
        expect((await watch.next()).value).toMatchObject({ playback: { positionMs: 250 } }),
      );
      await watch.return();
      expect(await failure(files.remove({ id: 'file-1' }))).toMatchObject({
        ...{ code: 'FILE_IN_USE', data: { file: 'a.mp4' } },
      });
      await files.remove({ id: 'file-2' });
      await files.next();
      await files.seek({ positionMs: 1500 });
      await files.pause();
      await files.resume();
      expect(engine.led).toEqual(['next', 'seek 1500', 'pause', 'resume']);
      expect(await failure(files.seek({ positionMs: -1 }))).toMatchObject({
        code: 'INVALID_OPTION',
      });
      expect(await failure(files.add({ paths: [] }))).toMatchObject({ code: 'INVALID_OPTION' });
    });

    it('create, change, list and remove profiles, whose keys are told only when asked for', async () => {
      const { directory, window } = current();
      const { profiles } = window.client;
      const streamKey = 'live_517_verysecret';
      const input = { name: 'Club', serverUrl: 'rtmp://example.com/app' };
      const saved = await profiles.save({ ...input, streamKey });
      expect(saved).toEqual({
        ...{ ...input, id: saved.id, shownUrl: input.serverUrl, kind: 'rtmp' },
        ...{ hasKey: true, hasPassword: false },
      });

      const renamed = await profiles.save({ ...input, id: saved.id, name: 'Club 2' });
      const list = await profiles.list();
      expect(list.map(({ id }) => id)).toEqual([builtInProfileId, saved.id]);
      expect(list[1]).toEqual(renamed);
      expect(JSON.stringify(list)).not.toContain(streamKey);
      expect(await readFile(join(directory, 'profiles.json'), 'utf8')).not.toContain(streamKey);
      expect(await profiles.revealKey({ id: saved.id })).toEqual({ streamKey });

      const { id } = saved;
      await profiles.remove({ id });
      expect(await profiles.list()).toHaveLength(1);
      expect(await readFile(join(directory, 'profiles.json'), 'utf8')).not.toContain(id);
      await profiles.restore({ id });
      expect(await profiles.revealKey({ id })).toEqual({ streamKey });
      await profiles.remove({ id });
      await profiles.forget({ id });
      await expect(profiles.restore({ id })).rejects.toMatchObject({
        data: { code: 'PROFILE_NOT_FOUND' },
      });
    });

    it('tell of every change of the profiles, by whoever made it', async () => {
      const { directory, window } = current();
      const { profiles } = window.client;
      const end = new AbortController();
      const lists = (await profiles.watch(undefined, { signal: end.signal }))[
        Symbol.asyncIterator
      ]();
      const until = async (...names: string[]): Promise<void> => {
        for (;;) {
          const { value, done } = await lists.next();
          if (done) throw new Error('the list is not watched any more');
          if (JSON.stringify(value.map(({ name }) => name)) === JSON.stringify(names)) return;
        }
      };
      await until('Built-in server');
      await profiles.save({ name: 'Club', serverUrl: 'rtmp://example.com/app' });
      await until('Built-in server', 'Club');
      // Another process replaces the file as a whole.
      const other = join(directory, 'other.json');
      await writeFile(other, '{"profiles":[]}');
      await rename(other, join(directory, 'profiles.json'));
      await until('Built-in server');
      end.abort();
      await lists.return();
    });

    it('give an error as it is in the catalogue, whole', async () => {
      const { window } = current();
      const remove = window.client.profiles.remove({ id: 'nobody' });
      expect(await failure(remove)).toEqual(
        describeError('PROFILE_NOT_FOUND', { profile: 'nobody' }),
      );
      const change = window.client.profiles.save({
        id: builtInProfileId,
        name: 'Mine',
        serverUrl: 'rtmp://example.com/app',
      });
      expect(await failure(change)).toMatchObject({ code: 'PROFILE_READ_ONLY' });
    });

    it('never repeat a value that they refuse', async () => {
      const { window } = current();
      const streamKey = `sekrit${'x'.repeat(2000)}`;
      const save = window.client.profiles.save({
        name: 'Long',
        serverUrl: 'rtmp://example.com/app',
        streamKey,
      });
      const error = await failure(save);
      expect(error).toMatchObject({ code: 'INVALID_OPTION' });
      expect(JSON.stringify(error)).not.toContain('sekrit');
    });

    it('call what nobody foresaw INTERNAL, log it, and go on', async () => {
      const { engine, window } = current();
      engine.logger.addSecret('sk-burning');
      engine.breakDevices('the bus of sk-burning is on fire');
      expect(await failure(window.client.devices.list())).toMatchObject({
        ...{ code: 'INTERNAL', data: { reason: 'the bus of *** is on fire' } },
      });
      expect(engine.log).toContain('the bus of *** is on fire');
      expect(await window.client.system.info()).toMatchObject({ version: '1.2.3' });
    });

    it('answer several calls at once', async () => {
      const { window } = current();
      const answers = await Promise.all(
        Array.from({ length: 30 }, (_, index) =>
          index % 2 ? window.client.profiles.list() : window.client.settings.get(),
        ),
      );
      expect(answers.filter(Array.isArray)).toHaveLength(15);
    });

    it.each([
      ['text', 'hello'],
      ['broken JSON', '{"i":'],
      ['a message of no known form', '{"i":"1","t":99,"p":{}}'],
      ['a call whose path is no text', '{"i":"1","p":{"u":7}}'],
      ['bytes', Uint8Array.of(0, 255, 1, 2, 3)],
    ])('end the connection of a window that sends %s, and no other', async (_, data) => {
      const { engine, transport, window } = current();
      const other = await transport.connect();
      const closed = new Promise<void>((resolve) => window.channel.onClose(resolve));
      window.sendRaw(data);
      await closed;
      await expect(window.client.system.info()).rejects.toThrow();
      expect(await other.client.system.info()).toMatchObject({ version: '1.2.3' });
      expect(engine.log).toContain('not a call');
      other.disconnect();
    });

    it('refuse a call of nothing that is in the contract', async () => {
      const { window } = current();
      const client = window.client as unknown as Record<'nothing', { there(): Promise<unknown> }>;
      await expect(client.nothing.there()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });

    it('fail, rather than hang, when the connection ends', async () => {
      const { engine, window } = current();
      engine.holdDevices();
      const rejected = expect(window.client.devices.list()).rejects.toThrow();
      await vi.waitFor(() => expect(engine.heldCalls).toBe(1));
      window.disconnect();
      await rejected;
    });
  });
}
