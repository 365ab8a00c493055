import type { CliMessages } from '@tallylight/messages/cli';

type Name = Parameters<typeof nameOf>[0];

/** What stands in `<…>` and `[…]` where the help shows how a command is typed. */
const names = [
  ...[
    'app',
    'command',
    'file',
    'folder',
    'host:port',
    'key',
    'language',
    'name',
    'n',
    'number',
    'options',
  ],
  ...['port', 'rate', 'seconds', 'source', 'url', 'variable', 'WxH'],
] as const;

const nameOf = (name: (typeof names)[number], { t }: CliMessages): string =>
  name === 'host:port' ? t('cli.placeholders.hostPort') : t(`cli.placeholders.${name}`);

const isName = (text: string): text is Name => names.some((name) => name === text);

/** `text` with its placeholders in the user's language: `<url>` is `<地址>`. */
export const withPlaceholders = (text: string, messages: CliMessages): string =>
  text.replace(/([<[])([A-Za-z:]+)([>\]])/g, (whole, open: string, name: string, close: string) =>
    isName(name) ? open + nameOf(name, messages) + close : whole,
  );
