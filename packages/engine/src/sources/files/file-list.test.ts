import { appError } from '@tallylight/contract';
import { describe, expect, it } from 'vitest';
import { FileList, type FileFacts } from './file-list.js';

const film: FileFacts = { durationMs: 1000, videoCodec: 'h264', audioCodec: 'aac', canCopy: true };

const names = ({ state }: FileList): string[] => state.files.map(({ name }) => name);
const settled = async (list: FileList): Promise<void> => {
  for (const { id } of list.state.files) await list.playable(id);
};
const idOf = ({ state }: FileList, name: string): string =>
  state.files.find((file) => file.name === name)?.id ?? '';

describe('FileList', () => {
  it('keeps files in their order, tells what is in them, and moves and removes them', async () => {
    const list = new FileList(() => Promise.resolve(film));
    list.add(['/films/a.mp4', '/films/b.mp4', '/other/a.mp4']);
    expect(list.state.files[0]).toEqual({ id: 'file-1', name: 'a.mp4' });
    await settled(list);
    expect(list.state.files[0]).toEqual({ id: 'file-1', name: 'a.mp4', ...film });
    list.move('file-1', 2);
    expect(names(list)).toEqual(['b.mp4', 'a.mp4', 'a.mp4']);
    list.move('file-1', 0);
    list.move('file-2', 400);
    expect(list.state.files.map(({ id }) => id)).toEqual(['file-1', 'file-3', 'file-2']);
    list.move('nobody', 0);
    await list.remove('file-3');
    await list.remove('nobody');
    expect(names(list)).toEqual(['a.mp4', 'b.mp4']);
  });

  it('says beside a file what is wrong with it, by its name, and until it could be played', async () => {
    const list = new FileList((path) =>
      Promise.reject(appError('FILE_UNREADABLE', { file: path, reason: 'no' })),
    );
    list.add(['/films/a.mp4']);
    await settled(list);
    const error = { code: 'FILE_UNREADABLE', data: { file: 'a.mp4', reason: 'no' } };
    expect(list.state.files[0]).toMatchObject({ error });
    list.noteError('file-1', undefined);
    expect(list.state.files[0]).not.toHaveProperty('error');
  });

  it('knows what follows: behind the last nothing, or the first where it is repeated', async () => {
    const list = new FileList((path) =>
      Promise.resolve({ ...film, canCopy: path.endsWith('.mp4') }),
    );
    expect(list.following(undefined)).toBeUndefined();
    list.add(['a.mp4', 'b.mkv']);
    await settled(list);
    list.update({ copy: true });
    const [a, b] = [idOf(list, 'a.mp4'), idOf(list, 'b.mkv')];
    expect(list.following(undefined)).toMatchObject({ id: a, copy: true });
    expect(list.following(a)).toMatchObject({ id: b, copy: false });
    expect(list.following(b)).toBeUndefined();
    expect(list.following(b, true)?.id).toBe(a);
    list.update({ repeat: true });
    expect(list.following(b)?.id).toBe(a);
    expect(list.state).toMatchObject({ copy: true, repeat: true });
  });

  it('keeps the file that is on, and deletes what was made for a file with it', async () => {
    const list = new FileList(() => Promise.resolve(film));
    const released: string[] = [];
    for (const name of ['a', 'b'])
      list.addOwned({
        ...{ path: `/tmp/${name}`, name },
        release: () => Promise.resolve(released.push(name)),
      });
    list.notePlayback({ id: idOf(list, 'a'), positionMs: 0, isPaused: false });
    await expect(list.remove(idOf(list, 'a'))).rejects.toThrow('FILE_IN_USE');
    await list.remove(idOf(list, 'b'));
    expect(released).toEqual(['b']);
  });

  it('takes no more than can be looked through, and looks into four at a time', async () => {
    let [now, most] = [0, 0];
    const list = new FileList(async () => {
      now += 1;
      most = Math.max(most, now);
      await Promise.resolve();
      now -= 1;
      return film;
    });
    list.add(Array.from({ length: 500 }, (_, i) => `${i}.mp4`));
    expect(() => list.add(['one more'])).toThrow('FILE_LIST_FULL');
    await settled(list);
    expect(list.length).toBe(500);
    expect(most).toBe(4);
    expect(list.state.files.every(({ canCopy }) => canCopy)).toBe(true);
  });
});
