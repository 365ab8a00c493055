import type { Catalog } from '../catalog.js';
import type { Messages } from '../messages.js';
import { cli } from './cli.en.js';
import { cli as cliZhCn } from './cli.zh-cn.js';

const en = { cli } as const;

export const cliCatalog = { en, 'zh-CN': { cli: cliZhCn } } as const satisfies Catalog<typeof en>;

export type CliMessages = Messages<typeof en>;
