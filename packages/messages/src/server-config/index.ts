import type { Catalog } from '../catalog.js';
import type { Language } from '../language.js';
import { serverConfig } from './server-config.en.js';
import { serverConfig as serverConfigZhCn } from './server-config.zh-cn.js';

const en = { serverConfig } as const;

/** For catalogs as a whole; who writes a configuration takes {@link serverConfigWords}. */
export const serverConfigCatalog = {
  en,
  'zh-CN': { serverConfig: serverConfigZhCn },
} as const satisfies Catalog<typeof en>;

/** The words of a configuration, with `{{name}}` where something is filled in. */
export type ServerConfigWords = (typeof serverConfigCatalog)[Language]['serverConfig'];

export const serverConfigWords = (language: Language): ServerConfigWords =>
  serverConfigCatalog[language].serverConfig;
