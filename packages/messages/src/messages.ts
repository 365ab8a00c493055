import type { AppErrorInfo, ErrorData, SecretProtection, Wording } from '@tallylight/contract';
import i18next from 'i18next';
import type { Catalog, MessageKey, Placeholder, Tree } from './catalog.js';
import { commonCatalog } from './common/common-catalog.js';
import type { ErrorSentences } from './error-sentences.js';
import type { Language } from './language.js';
import { saidByOurServer } from './our-server-words.js';
import { specialRemedy } from './special-remedy.js';

type Values<T, Key extends string> = [Placeholder<T, Key>] extends [never]
  ? []
  : [values: Readonly<Record<Placeholder<T, Key>, string | number>>];

type Common = (typeof commonCatalog)['en'];

/**
 * What is said in one language: the common sentences, and those of `T`. Compared by `T` alone (`in out`): the keys of all
 * sentences are more than the compiler compares one by one.
 */
export interface Messages<in out T extends Tree = Common> {
  readonly language: Language;
  readonly t: <Key extends MessageKey<Common & T>>(
    key: Key,
    ...values: Values<Common & T, Key>
  ) => string;
  /** What happened, and what to do about it. */
  readonly error: (info: AppErrorInfo) => ErrorSentences;
  /** That a server which was live is no longer tried. */
  readonly gaveUp: (why: 'refused' | 'failed') => string;
  /** The short name of a phase, also of one that is no line of the checklist. */
  readonly phase: (name: string) => string;
  /** A part of a sentence. */
  readonly wording: (wording: Wording) => string;
  /** How stream keys are kept; `isToCome`: how one will be that is not saved yet. */
  readonly protection: (how: SecretProtection, isToCome?: boolean) => string;
  /** A number as the language writes it. */
  readonly number: (value: number, options?: Intl.NumberFormatOptions) => string;
}

/** Fields of errors that may hold what a server, a system or a program said. */
const foreignParts = new Set(['reason', 'why', 'detail']);

/** Sentences in `language`; those of `catalog` beside the common ones, whose groups it may not have. */
export function createMessages(language: Language): Messages;
export function createMessages<T extends Tree>(
  language: Language,
  catalog: Catalog<T>,
): Messages<T>;
export function createMessages(language: Language, catalog?: Catalog<Tree>): object {
  const i18n = i18next.createInstance();
  void i18n.init({
    lng: language,
    fallbackLng: false,
    initAsync: false,
    nsSeparator: false,
    resources: {
      [language]: { translation: { ...commonCatalog[language], ...catalog?.[language] } },
    },
    // The window escapes what it shows, and a terminal has nothing to escape.
    interpolation: { escapeValue: false },
    // It would keep a formatter for each set of values that a sentence ever had.
    cacheInBuiltFormats: false,
    // Data of an error that does not have all it could have.
    missingInterpolationHandler: () => i18n.t('unknown'),
  });
  // "a, b" as the language lists what there is, and what there is to choose from.
  for (const [name, type] of [
    ['list', 'conjunction'],
    ['either', 'disjunction'],
  ] as const) {
    i18n.services.formatter?.add(name, (value: unknown) =>
      listed(String(value).split(', '), new Intl.ListFormat(language, { type })),
    );
  }
  const t = (key: string, values: Record<string, string | number> = {}): string =>
    i18n.t(key, values);
  const flat = (data: ErrorData): Record<string, string | number> =>
    Object.fromEntries(
      Object.entries(data).map(([name, value]) => [
        name,
        typeof value === 'object' || foreignParts.has(name) ? part(value) : value,
      ]),
    );
  // What others say is mostly a sentence with a full stop, and goes into one of ours that has its own.
  const part = (value: ErrorData[string]): string | number => {
    if (typeof value === 'object') return wording(value);
    return typeof value === 'string' ? wording(value).replace(/(?<![.。])[.。]$/u, '') : value;
  };
  const wording = (given: Wording): string => {
    const ours = typeof given === 'string' ? saidByOurServer(given) : undefined;
    if (ours !== undefined) return t(`reasons.${ours}`);
    if (typeof given === 'string') return given;
    const data = given.data ?? {};
    const said = t(`reasons.${given.reason}`, flat(data));
    return Object.values(data).some((value) => typeof value === 'object') ? joinedUp(said) : said;
  };
  const phase = (name: string): string => {
    const key = [`phases.${name}.short`, `morePhases.${name}`].find((each) => i18n.exists(each));
    return key === undefined ? name : t(key);
  };
  const serviceName = (id: string): string => {
    const key = `presets.${id}.name`;
    return i18n.exists(key) ? t(key) : id;
  };
  return {
    language,
    t,
    phase,
    wording,
    error: (info) => {
      const { code, data } = info;
      const values = flat(data);
      const special = specialRemedy(info);
      // Where it happened is a name for programs.
      if (typeof data['phase'] === 'string') values['phase'] = phase(data['phase']);
      if (typeof data['service'] === 'string') values['service'] = serviceName(data['service']);
      return {
        message: t(`errors.${code}.message`, values),
        remedy: t(special === undefined ? `errors.${code}.remedy` : `remedies.${special}`, values),
      };
    },
    gaveUp: (why) => t(`gaveUp.${why}`),
    protection: (how, isToCome = false) => {
      if (how.type === 'system') return t('secrets.system');
      const weaker = t(isToCome ? 'secrets.keyFileToCome' : 'secrets.keyFile', {
        why: wording(how.why),
      });
      if (how.setAside === undefined) return weaker;
      const setAside = t('secrets.setAside', { file: how.setAside });
      return weaker.endsWith('。') ? weaker + setAside : `${weaker} ${setAside}`;
    },
    number: (value, options) => new Intl.NumberFormat(language, options).format(value),
  } satisfies Omit<Messages, 't'> & { readonly t: typeof t };
}

/** Sentences have a space where an option goes, and Chinese has none before Chinese. */
const joinedUp = (text: string): string =>
  text.replaceAll(/(?<=\p{Script=Han}) (?=\p{Script=Han})/gu, '');

/** A space stands between Chinese and what is none: options, names and addresses are listed. */
const listed = (items: readonly string[], format: Intl.ListFormat): string =>
  format
    .formatToParts(items)
    .map(({ type, value }) =>
      type === 'literal' && /^\p{Script=Han}$/u.test(value) ? ` ${value} ` : value,
    )
    .join('');
