import { builtInProfileNames } from '@tallylight/contract';
import { describe, expect, it } from 'vitest';
import { cliCatalog } from './cli/index.js';
import type { Tree } from './catalog.js';
import { commonCatalog } from './common/common-catalog.js';
import { compareCatalogs } from './compare-catalogs.js';
import { pagesCatalog } from './pages/index.js';
import { serverConfigCatalog } from './server-config/index.js';
import { windowCatalog } from './window/index.js';

const catalogs: [string, { readonly en: Tree; readonly 'zh-CN': Tree }][] = [
  ['common', commonCatalog],
  ['cli', cliCatalog],
  ['pages', pagesCatalog],
  ['server-config', serverConfigCatalog],
  ['window', windowCatalog],
];

const texts = (tree: Tree): string[] =>
  Object.values(tree).flatMap((value) => (typeof value === 'string' ? [value] : texts(value)));

describe.each(catalogs)('the %s catalog', (_, { en, 'zh-CN': zhCn }) => {
  it('has every sentence in both languages, with the same placeholders', () => {
    expect(compareCatalogs(en, zhCn)).toEqual([]);
  });

  it('leaves no Chinese in the English one, and no English punctuation between Chinese', () => {
    expect(texts(en).filter((text) => /\p{Script=Han}/u.test(text))).toEqual([]);
    const latin = /\p{Script=Han}[,;:?!.](?=\s|$)/u;
    expect(texts(zhCn).filter((text) => latin.test(text))).toEqual([]);
  });

  it('quotes in Chinese with “” and sets no space beside what has a width of its own', () => {
    // Two spaces set columns, and a space follows what stands at the beginning of a line.
    const halfWidth = /"|[^\s●○!] (?=[，。；：？！、“”（）……])|(?<=[，。；？！、“”（）……]) (?! )/u;
    expect(texts(zhCn).filter((text) => halfWidth.test(text))).toEqual([]);
  });
});

it('calls the built-in server what nothing else may be called', () => {
  const { en, 'zh-CN': zhCn } = windowCatalog;
  const names = [commonCatalog.en.reasons, commonCatalog['zh-CN'].reasons].map(
    (reasons) => reasons['built-in-server'],
  );
  expect(names).toEqual([...builtInProfileNames]);
  expect([en.window.profiles.builtIn, zhCn.window.profiles.builtIn]).toEqual(names);
});

describe('compareCatalogs', () => {
  const original = {
    a: 'one {{x}}',
    group: { n_one: '{{count}} frame', n_other: '{{count}} frames' },
  };

  it('is content with the same, in the forms that the language has', () => {
    expect(
      compareCatalogs(original, { a: '{{x}} 一', group: { n_other: '{{count}} 帧' } }),
    ).toEqual([]);
  });

  it.each([
    ['a missing key', { group: { n_other: '{{count}}' } }, 'a is missing'],
    ['a missing plural', { a: '{{x}}', group: {} }, 'group.n_other is missing'],
    [
      'another placeholder',
      { a: '{{y}}', group: { n_other: '{{count}}' } },
      'a has {y} where the original has {x}',
    ],
    [
      'a lost placeholder',
      { a: '一', group: { n_other: '{{count}}' } },
      'a has {} where the original has {x}',
    ],
    ['a key too many', { a: '{{x}}', b: '', group: { n_other: '{{count}}' } }, 'b is too many'],
  ])('finds %s', (_name, translation, fault) => {
    expect(compareCatalogs(original, translation as unknown as Tree)).toEqual([fault]);
  });
});
