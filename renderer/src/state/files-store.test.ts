import { appError, describeError } from '@tallylight/contract';
import { describe, expect, it } from 'vitest';
import { createAlertsStore } from './alerts-store.js';
import type { EngineClient } from './engine-client.js';
import { countFiles, createFilesStore, type GiveFile } from './files-store.js';

const file = (name: string): File => new File([], name);

function open(giveFile: GiveFile, client: Partial<EngineClient['files']> = {}) {
  const alerts = createAlertsStore();
  const store = createFilesStore(client as EngineClient['files'], giveFile, alerts);
  return { store, alerts };
}

describe('the files store', () => {
  it('gives files in the order in which people gave them, one at a time, and tells how far each is', async () => {
    const given: string[] = [];
    const progress: number[] = [];
    const { store } = open(async ({ name }, onProgress) => {
      given.push(`${name} begins`);
      onProgress(0.5);
      progress.push(...store.getState().sent.map((each) => each.progress));
      await Promise.resolve();
      given.push(`${name} ends`);
    });
    const { add } = store.getState();
    await Promise.all([add([file('a'), file('b')]), add([file('c')])]);
    expect(given).toEqual(['a', 'b', 'c'].flatMap((name) => [`${name} begins`, `${name} ends`]));
    expect(progress.slice(0, 3)).toEqual([0.5, 0, 0]);
    expect(store.getState().sent).toEqual([]);
  });

  it('keeps what did not get there in view with the reason, and goes on with the next', async () => {
    const { store } = open(({ name }) =>
      name === 'b' ? Promise.reject(appError('FILE_NOT_TAKEN', { file: name })) : Promise.resolve(),
    );
    await store.getState().add([file('a'), file('b'), file('c')]);
    const [left, ...others] = store.getState().sent;
    expect(left).toMatchObject({ name: 'b', error: { code: 'FILE_NOT_TAKEN' } });
    expect(others).toEqual([]);
    expect(countFiles(store.getState())).toEqual({ count: 1, leftOut: 1 });
    const error = describeError('FILE_LIST_EMPTY');
    const files = [
      { id: '1', name: 'd' },
      { id: '2', name: 'e', error },
    ];
    store.getState().receive({ files, repeat: false, copy: false });
    expect(countFiles(store.getState())).toEqual({ count: 3, leftOut: 2 });
    store.getState().forget(left?.id ?? 0);
    expect(store.getState().sent).toEqual([]);
  });

  it('says why the file that is on could not be changed, until that succeeds', async () => {
    let isOn = false;
    const { store, alerts } = open(() => Promise.resolve(), {
      next: () =>
        isOn
          ? Promise.resolve()
          : Promise.reject(Object.assign(new Error(), { data: describeError('NOT_PLAYING') })),
    });
    const leading = store.getState().next();
    expect(store.getState().isLeading).toBe(true);
    await leading;
    expect(store.getState().isLeading).toBe(false);
    expect(alerts.getState().alerts).toMatchObject([
      { topic: 'files', title: 'filesNotLed', error: { code: 'NOT_PLAYING' } },
    ]);
    isOn = true;
    await store.getState().next();
    expect(alerts.getState().alerts).toEqual([]);
  });
});
