import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  builtInProfileId,
  type RecordingsSnapshot,
  type RecordingStatus,
  type StartInput,
} from '@tallylight/contract';
import { describe, expect, it, vi } from 'vitest';
import { failure, type ContractFixture } from './contract-fixture.js';

const startInput: StartInput = {
  source: { type: 'renderer', format: 'packets', hasAudio: true, name: 'Camera', captureId: 1 },
  encoding: {
    ...{ width: 1280, height: 720, fps: 30, videoBitrate: 2_500_000, audioBitrate: 128_000 },
    keyframeInterval: 2,
  },
  profileIds: [],
  record: true,
};

/** What windows record, hold and are shown of it. */
export function recordingTests(current: () => ContractFixture): void {
  describe('recordings', () => {
    /** The state of the one recording, as an engine tells it. */
    const tell = (patch: Partial<RecordingStatus>): RecordingStatus => {
      const { broadcast } = current().engine;
      const status = broadcast.begunWith.find(
        ({ status: { type } }) => type === 'recording',
      )?.status;
      if (status?.type !== 'recording') throw new Error('nothing is recorded');
      const told = { ...status, ...patch };
      broadcast.change({ outputs: [told] });
      return told;
    };
    const kinds = () => current().engine.broadcast.begunWith.map(({ status }) => status.type);

    it('begin without a destination, beside what is held for a replay, and a start for nothing is none', async () => {
      const { engine, window } = current();
      const nothing = window.client.broadcast.start({ ...startInput, record: false });
      expect(await failure(nothing)).toMatchObject({ code: 'INVALID_OPTION' });
      await window.client.settings.update({ recordingPattern: '{date}' });
      await window.client.broadcast.start(startInput);
      expect(kinds()).toEqual(['recording', 'replay']);
      expect(tell({}).name).toMatch(/^\d{4}-\d\d-\d\d\.mp4$/);
      await window.client.broadcast.stop();
      await window.client.settings.update({ replaySeconds: 0 });
      await window.client.broadcast.start({ ...startInput, profileIds: [builtInProfileId] });
      expect(kinds()).toEqual(['rtmp', 'recording']);
      expect(engine.snapshot.state).toBe('connecting');
    });

    it('are called as the settings say, and never as a file that is there', async () => {
      const { directory, window } = current();
      const folder = join(directory, 'shows');
      await mkdir(folder);
      await writeFile(join(folder, 'show.flv'), 'precious');
      await window.client.settings.update({
        ...{ recordingFolder: folder, recordingPattern: 'show', recordingFormat: 'flv' },
      });
      await window.client.broadcast.start(startInput);
      expect(tell({}).path).toBe(join(folder, 'show-2.flv'));
      await window.client.broadcast.stop();
      await window.client.settings.update({ recordingPattern: '{destination}/{n}' });
      const { broadcast } = window.client;
      await broadcast.start({ ...startInput, profileIds: [builtInProfileId] });
      const { name } = (await window.client.profiles.list())[0] ?? {};
      expect(tell({}).name).toBe(`${name}-1.flv`);
    });

    it('are refused into a folder that is none, and that is known before', async () => {
      const { directory, window } = current();
      const watch = await window.client.recordings.watch();
      expect((await watch.next()).value).toMatchObject({ recordings: [], canShow: true });
      await window.client.settings.update({ recordingFolder: 'Videos' });
      const told = await next(watch, ({ problem }) => problem !== undefined);
      expect(told.problem?.data['reason']).toMatchObject({ reason: 'folder-not-whole' });
      expect(await failure(window.client.broadcast.start(startInput))).toMatchObject({
        code: 'RECORDING_FAILED',
      });
      await window.client.settings.update({ recordingFolder: join(directory, 'away') });
      const away = await next(
        watch,
        ({ problem }) => problem?.data['file'] !== told.problem?.data['file'],
      );
      expect(away.problem?.data['reason']).toMatchObject({ reason: 'no-such-folder' });
      await window.client.settings.update({ recordingFolder: directory });
      expect(
        (await next(watch, ({ freeBytes }) => freeBytes !== undefined)).problem,
      ).toBeUndefined();
    });

    it('are paused, resumed and replaced by the next; there is one at a time', async () => {
      const { engine, window } = current();
      const { broadcast } = window.client;
      await broadcast.start(startInput);
      const { id } = tell({ state: 'live' });
      await broadcast.pauseOutput({ id });
      await broadcast.resumeOutput({ id });
      expect(engine.broadcast.asked).toEqual([`pause ${id}`, `resume ${id}`]);
      const second = broadcast.addOutput({ type: 'recording' });
      expect(await failure(second)).toMatchObject({ code: 'OUTPUT_ACTIVE' });
      tell({ state: 'stopped' });
      const next = await broadcast.addOutput({ type: 'recording' });
      expect(next.id).not.toBe(id);
      expect(engine.snapshot.outputs.map((output) => output.id)).toEqual([next.id]);
    });

    it('outlive the show that is stopped, which can go to the same places again', async () => {
      const { engine, window } = current();
      const { broadcast } = window.client;
      await broadcast.start({ ...startInput, profileIds: [builtInProfileId] });
      const { begunWith } = engine.broadcast;
      engine.broadcast.change({ outputs: begunWith.map(({ status }) => status) });
      await broadcast.stop({ keepRecording: true });
      expect(engine.broadcast.asked).toEqual([`finish ${builtInProfileId}`]);
      expect(engine.snapshot.state).toBe('connecting');
      const outputs = engine.snapshot.outputs.map((output) =>
        output.type === 'rtmp' ? { ...output, state: 'stopped' as const } : output,
      );
      engine.broadcast.change({ outputs });
      await broadcast.addOutput({ type: 'profile', profileId: builtInProfileId });
      expect(engine.snapshot.outputs.map(({ id }) => id)).toContain(builtInProfileId);
      await broadcast.stop();
      expect(engine.snapshot.state).toBe('ended');
    });

    it('outlive a show of which a destination failed, and that is none of the next', async () => {
      const { engine, window } = current();
      const { broadcast, profiles } = window.client;
      const { id: wrong } = await profiles.save({
        ...{ name: 'Wrong', serverUrl: 'rtmp://127.0.0.1/none', streamKey: 'k' },
      });
      await broadcast.start({ ...startInput, profileIds: [builtInProfileId, wrong] });
      const failed = engine.broadcast.begunWith.map(({ status }) =>
        status.type === 'rtmp' ? { ...status, state: 'failed' as const } : status,
      );
      engine.broadcast.change({ outputs: failed });
      await broadcast.stop({ keepRecording: true });
      expect(engine.snapshot.outputs.map(({ id }) => id)).toContain(wrong);
      await broadcast.addOutput({ type: 'profile', profileId: builtInProfileId });
      const ids = engine.snapshot.outputs.map(({ id }) => id);
      expect(ids).toContain(builtInProfileId);
      expect(ids).not.toContain(wrong);
      // What fails in this show stays, whatever is added.
      engine.broadcast.change({
        outputs: engine.snapshot.outputs.map((output) =>
          output.type === 'rtmp' ? { ...output, state: 'failed' as const } : output,
        ),
      });
      await broadcast.addOutput({ type: 'profile', profileId: wrong });
      expect(engine.snapshot.outputs.map(({ id }) => id)).toContain(builtInProfileId);
      await broadcast.stop();
    });

    it('end with the show where nothing is recorded any more', async () => {
      const { engine, window } = current();
      await window.client.broadcast.start({ ...startInput, profileIds: [builtInProfileId] });
      tell({ state: 'failed' });
      await window.client.broadcast.stop({ keepRecording: true });
      expect(engine.snapshot.state).toBe('ended');
    });

    it('go into a folder that is made when it is asked for, and only then', async () => {
      const { window } = current();
      const { recordings, settings } = window.client;
      const parent = await mkdtemp(join(tmpdir(), 'tallylight-made-'));
      try {
        const folder = join(parent, 'shows', '2026');
        const watch = await recordings.watch();
        await settings.update({ recordingFolder: folder });
        const { problem } = await next(watch, (each) => each.problem !== undefined);
        expect(problem?.data).toMatchObject({ reason: { reason: 'no-such-folder' } });
        expect(existsSync(folder)).toBe(false);
        await recordings.makeFolder();
        const made = await next(watch, (each) => each.problem === undefined);
        expect(made.freeBytes).toBeGreaterThan(0);
        expect(existsSync(folder)).toBe(true);
        await writeFile(join(parent, 'file'), '');
        await settings.update({ recordingFolder: join(parent, 'file', 'no') });
        expect(await failure(recordings.makeFolder())).toMatchObject({ code: 'RECORDING_FAILED' });
      } finally {
        await rm(parent, { recursive: true });
      }
    });

    it('are listed when they are finished, replays too, and shown in their folder, and nothing else is', async () => {
      const { engine, window } = current();
      const { broadcast, recordings } = window.client;
      const watch = await recordings.watch();
      await broadcast.start(startInput);
      const held = engine.broadcast.begunWith.find(({ id }) => id === 'replay')?.status;
      const { path } = tell({ state: 'live' });
      await writeFile(path, '12345');
      const status = tell({ state: 'live' });
      if (!held) throw new Error('nothing is held');
      engine.broadcast.change({ outputs: [status, held] });
      const replay = await broadcast.saveReplay({ word: '回放' });
      expect(replay).toMatchObject({ durationMs: 30_000 });
      expect(replay.name).toMatch(/^回放 \d{4}-\d\d-\d\d \d\d-\d\d-\d\d\.mp4$/);
      tell({ state: 'stopped', bytes: 5, durationMs: 1500 });
      const list = await next(watch, ({ recordings: all }) => all.length === 2);
      expect(list.recordings).toMatchObject([
        { type: 'recording', path, bytes: 5, durationMs: 1500, files: 1 },
        { type: 'replay', name: replay.name, durationMs: 30_000 },
      ]);
      // The test has not written it.
      expect(list.recordings[1]?.bytes).toBeUndefined();
      await recordings.showInFolder({ path });
      expect(engine.shown).toEqual([path]);
      const stranger = recordings.showInFolder({ path: '/etc/passwd' });
      expect(await failure(stranger)).toMatchObject({ code: 'FOLDER_NOT_SHOWN' });
      expect(engine.shown).toEqual([path]);
      engine.broadcast.change({ outputs: [] });
      expect(await failure(broadcast.saveReplay())).toMatchObject({
        code: 'RECORDING_FAILED',
        data: { reason: { reason: 'replay-off' } },
      });
      await vi.waitFor(() => expect(engine.snapshot.outputs).toEqual([]));
    });
  });
}

async function next(
  watch: AsyncIterator<RecordingsSnapshot, unknown>,
  isWanted: (snapshot: RecordingsSnapshot) => boolean,
): Promise<RecordingsSnapshot> {
  for (;;) {
    const step = await watch.next();
    if (step.done) throw new Error('the watch has ended');
    if (isWanted(step.value)) return step.value;
  }
}
