import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { readSecret } from './read-secret.js';

function terminal() {
  const rawModes: boolean[] = [];
  const setRawMode = (raw: boolean): unknown => {
    rawModes.push(raw);
    return stdin;
  };
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode, rawModes });
  return stdin as unknown as NodeJS.ReadStream & typeof stdin;
}

const screen = () => {
  const stderr = new PassThrough();
  return stderr as unknown as NodeJS.WriteStream & PassThrough;
};

test('reads a line, takes back what was deleted, and shows nothing of it', async () => {
  const [stdin, stderr] = [terminal(), screen()];
  const { signal } = new AbortController();
  const secret = readSecret('Stream key: ', { stdin, stderr, interrupted: signal });
  stdin.write('geheim');
  stdin.write('x\u007f\r');
  expect(await secret).toBe('geheim');
  expect(stdin.rawModes).toEqual([true, false]);
  expect(String(stderr.read())).toBe('Stream key: \n');
});

test.each([true, false])(
  'gives nothing of a key that was interrupted (terminal: %s)',
  async (tty) => {
    const [stdin, interrupt] = [terminal(), new AbortController()];
    stdin.isTTY = tty;
    const secret = readSecret('', { stdin, stderr: screen(), interrupted: interrupt.signal });
    stdin.write('half a k');
    await new Promise(setImmediate);
    interrupt.abort();
    expect(await secret).toBeUndefined();
  },
);
