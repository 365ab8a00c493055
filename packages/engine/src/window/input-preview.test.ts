import { expect, test } from 'vitest';
import { InputPreview } from './input-preview.js';

/** What is watched until it is told to end. */
function told(): { words: AsyncIterable<string>; end: () => void } {
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const words = (async function* () {
    yield 'first';
    await ended;
  })();
  return { words, end: () => end() };
}

test('shows what the newest watcher watches, once for all who watch it, and nothing once they have gone', async () => {
  const shown: string[] = [];
  const preview = new InputPreview<string>((stream, signal) => {
    shown.push(stream);
    signal.addEventListener('abort', () => shown.push(`no ${stream}`));
    return Promise.resolve();
  });
  const watch = async (stream: string) => {
    const source = told();
    const words = preview.during(stream, source.words);
    expect((await words.next()).value).toBe('first');
    return async () => {
      source.end();
      expect((await words.next()).done).toBe(true);
    };
  };
  const take = () => shown.splice(0);

  const leaveA = await watch('a');
  const leaveA2 = await watch('a');
  expect(take()).toEqual(['a']);
  const leaveB = await watch('b');
  expect(take()).toEqual(['no a', 'b']);
  await leaveA();
  expect(take()).toEqual([]);
  await leaveB();
  expect(take()).toEqual(['no b', 'a']);
  await leaveA2();
  expect(take()).toEqual(['no a']);
});
