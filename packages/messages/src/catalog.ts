import type { Language } from './language.js';

/** Sentences by key, in groups. */
export interface Tree {
  readonly [key: string]: string | Tree;
}

type PluralSuffix = '_one' | '_other';

type WithoutSuffix<Key extends string> = Key extends `${infer Name}${PluralSuffix}` ? Name : Key;

/** The keys of `T`, with dots between the groups; `frames` stands for `frames_one` and `frames_other`. */
export type MessageKey<T, Prefix extends string = ''> = {
  [Key in keyof T & string]: T[Key] extends string
    ? `${Prefix}${WithoutSuffix<Key>}`
    : MessageKey<T[Key], `${Prefix}${Key}.`>;
}[keyof T & string];

type TemplateOf<T, Key extends string> = Key extends `${infer Group}.${infer Rest}`
  ? Group extends keyof T
    ? TemplateOf<T[Group], Rest>
    : never
  : Key extends keyof T
    ? T[Key]
    : `${Key}_other` extends keyof T
      ? T[`${Key}_other`]
      : never;

type PlaceholderOf<Text> = Text extends `${string}{{${infer Inner}}}${infer Rest}`
  ? (Inner extends `${infer Name},${string}` ? Name : Inner) | PlaceholderOf<Rest>
  : never;

/** The placeholders of a sentence: `{{name}}`, or `{{size, number}}` for a number as the language writes it. */
export type Placeholder<T, Key extends string> = PlaceholderOf<TemplateOf<T, Key>>;

/** The same sentences in another language: the same keys, but one form of a plural where the language has only one. */
export type Translation<T> = {
  readonly [Key in keyof T as Key extends `${string}_one` ? never : Key]: T[Key] extends string
    ? string
    : Translation<T[Key]>;
};

export type Catalog<T extends Tree> = { readonly en: T } & Readonly<
  Record<Exclude<Language, 'en'>, Translation<T>>
>;
