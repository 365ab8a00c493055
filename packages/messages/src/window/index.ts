import type { Catalog } from '../catalog.js';
import type { Language } from '../language.js';
import type { Messages } from '../messages.js';
import { window } from './window.en.js';
import { window as windowZhCn } from './window.zh-cn.js';

const en = { window } as const;

export const windowCatalog = {
  en,
  'zh-CN': { window: windowZhCn },
} as const satisfies Catalog<typeof en>;

export type WindowMessages = Messages<typeof en>;

/** Each language as its own speakers call it. */
export const languageNames: Readonly<Record<Language, string>> = { en: 'English', 'zh-CN': '中文' };
