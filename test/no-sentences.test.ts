import { Linter } from 'eslint';
import { expect, it } from 'vitest';
import tseslint from 'typescript-eslint';
import { noSentences } from '../scripts/no-sentences.mjs';

function complaints(code: string, filename = 'example.tsx'): number {
  return new Linter()
    .verify(
      code,
      [
        {
          files: ['**/*.tsx', '**/*.ts'],
          languageOptions: {
            parser: tseslint.parser,
            parserOptions: { ecmaFeatures: { jsx: true } },
          },
          plugins: { tallylight: { rules: { 'no-sentences': noSentences } } },
          rules: { 'tallylight/no-sentences': 'error' },
        },
      ],
      { filename },
    )
    .filter(({ ruleId }) => ruleId === 'tallylight/no-sentences').length;
}

it.each([
  ['a text in JSX', '<p>Go Live</p>'],
  ['a word in JSX', '<b>Stop</b>'],
  ['a Chinese text in JSX', '<p>开播</p>'],
  ['a label', '<button aria-label="Stop" />'],
  ['a title', '<a title="Show key" />'],
  ['a placeholder', '<input placeholder="From the dashboard" />'],
  ['a sentence', "printer.say('The server answers.')"],
  ['a part of a sentence', "const why = 'it is a folder'"],
  ['a template', 'say(`Publishing to ${url} and more`)'],
  ['a Chinese literal', "const word = '推流'"],
  ['an expression in JSX', "<p>{isLive ? 'You are live' : ''}</p>"],
])('finds %s', (_, code) => {
  expect(complaints(code)).toBe(1);
});

it.each([
  ['class names', '<div className="flex items-center gap-2 truncate text-muted" />'],
  ['a bug', "throw new Error('this cannot be')"],
  ['a log', "logger.warn({ id }, 'the engine did not close in time')"],
  ['a log of a part', "this.#o.logger.error('the broadcast is lost')"],
  ['a key of a message', "t('window.profiles.save')"],
  ['an argument', "['-f', 'lavfi', '-i', 'color=size=256x256:rate=30']"],
  ['a sign', '<span>·</span>'],
])('leaves %s alone', (_, code) => {
  expect(complaints(code)).toBe(0);
});
