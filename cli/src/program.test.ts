import { readFileSync } from 'node:fs';
import { createMessages } from '@tallylight/messages';
import { cliCatalog, type CliMessages } from '@tallylight/messages/cli';
import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { cliChinese, cliEnglish } from '../../test/support/cli-messages.js';
import type { CliDependencies } from './cli-dependencies.js';
import { createProgram } from './program.js';

/** Every text of the help, by the command and what it is about. */
function helpTexts(messages: CliMessages): Map<string, string> {
  const dependencies = { version: '1', messages, environment: {} } as unknown as CliDependencies;
  const texts = new Map<string, string>();
  const collect = (command: Command, path: string): void => {
    texts.set(path, command.description());
    const help = command.createHelp();
    for (const option of help.visibleOptions(command)) {
      texts.set(`${path} ${option.flags}`, option.description);
    }
    for (const each of command.commands) collect(each, `${path} ${each.name()}`);
  };
  collect(createProgram(dependencies), 'tallylight');
  return texts;
}

describe('the help', () => {
  const english = helpTexts(cliEnglish);
  const chinese = helpTexts(createMessages<(typeof cliCatalog)['en']>('zh-CN', cliCatalog));

  test('has a text for every option of every command', () => {
    expect(english.size).toBeGreaterThan(60);
    expect([...english].filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  test('shows what is typed in Chinese, too, with a colon of its own width', () => {
    const messages = createMessages('zh-CN', cliCatalog);
    const dependencies = { version: '1', messages, environment: {} } as unknown as CliDependencies;
    const texts: string[] = [];
    const collect = (command: Command): void => {
      texts.push(command.configureHelp(help).helpInformation());
      for (const each of command.commands) collect(each);
    };
    const program = createProgram(dependencies);
    const help = program.configureHelp();
    collect(program);
    expect(texts.length).toBeGreaterThan(10);
    for (const text of texts) {
      expect(text).toMatch(/^用法：tallylight/);
      expect(text.replaceAll(/camera:编号\[,mic:编号\]|rtmp\[s\]/g, '')).not.toMatch(
        /[<[][A-Za-z]/,
      );
    }
  });

  test('says every one in Chinese, too', () => {
    const untranslated = [...chinese].filter(
      ([where, text]) =>
        !/\p{Script=Han}/u.test(text) ||
        (text === english.get(where) && !where.endsWith(' -h, --help')),
    );
    expect(untranslated).toEqual([]);
    expect([...chinese.keys()]).toEqual([...english.keys()]);
  });
});

test('in a narrow terminal what an option does stands below it, and within its width', () => {
  const messages = cliEnglish;
  const dependencies = { version: '1', messages, environment: {} } as unknown as CliDependencies;
  const help = createProgram(dependencies)
    .configureOutput({ getOutHelpWidth: () => 40 })
    .helpInformation();
  expect(Math.max(...help.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(48);
});

test.each([
  ['README.md', cliEnglish],
  ['README.zh-CN.md', cliChinese],
])('%s and the help say the same of every exit code', (file, { t }) => {
  const readme = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
  const [, ...inHelp] = t('cli.exitCodes')
    .split('\n')
    .map((line) => line.trim().split(/ {2,}/));
  const inReadme = [...readme.matchAll(/^\| (\d[\d,、 ]*?) +\| (.*?) +\|$/gm)].map(
    ([, codes, meaning = '']) => [codes, meaning.replaceAll('`', '')],
  );
  expect(inHelp).toHaveLength(8);
  expect(inReadme).toEqual(inHelp);
});
