import { Command } from 'commander';
import { expect, test } from 'vitest';
import { calledAs } from './called-as.js';
import { quoted } from './quoted.js';

function called(args: readonly string[], environment: NodeJS.ProcessEnv = {}): string {
  const program = new Command('tallylight')
    .option('--data-dir <folder>')
    .option('--lang <language>')
    .option('--verbose');
  program.command('publish').action(() => undefined);
  program.parse(['node', 'tallylight', ...args]);
  return calledAs(program, environment);
}

test('what is suggested has the options without which it would not do the same', () => {
  expect(called(['publish'])).toBe('tallylight');
  expect(called(['--verbose', 'publish'])).toBe('tallylight');
  expect(called(['publish', '--data-dir', 'new folder', '--lang', 'zh-CN'])).toBe(
    'tallylight --data-dir "new folder" --lang zh-CN',
  );
});

test('the program is called as it was', () => {
  const npx = { npm_lifecycle_event: 'npx' };
  expect(called(['publish'], { ...npx, npm_lifecycle_script: "'tallylight' publish" })).toBe(
    'npx tallylight',
  );
  expect(called(['publish'], { ...npx, npm_lifecycle_script: "'vitest' run" })).toBe('tallylight');
});

test.each([
  ['new folder', '"new folder"'],
  ['甲', '"甲"'],
  ["it's", `"it's"`],
  ['a "b"', `'a "b"'`],
  ['$HOME', `'$HOME'`],
  [`'$x'`, `''\\''$x'\\'''`],
])('%s is one word of a shell', (text, expected) => {
  expect(quoted(text, 'linux')).toBe(expected);
});
