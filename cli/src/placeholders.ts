import type { AppErrorInfo } from '@tallylight/contract';
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
    'limit',
    'name',
    'n',
    'number',
    'options',
  ],
  ...[
    'kind',
    'port',
    'role',
    'policy',
    'rate',
    'seconds',
    'source',
    'stream',
    'time',
    'url',
    'variable',
    'WxH',
  ],
] as const;

const nameOf = (name: (typeof names)[number], { t }: CliMessages): string =>
  name === 'host:port' ? t('cli.placeholders.hostPort') : t(`cli.placeholders.${name}`);

const isName = (text: string): text is Name => names.some((name) => name === text);

/** `text` with its placeholders in the user's language: `<url>` is `<地址>`. */
export const withPlaceholders = (text: string, messages: CliMessages): string =>
  text.replace(/([<[])([A-Za-z:]+)([>\]])/g, (whole, open: string, name: string, close: string) =>
    isName(name) ? open + nameOf(name, messages) + close : whole,
  );

/** Reasons whose data name what the help shows; in all others brackets are what the user typed. */
const namingReasons = new Set([
  'only-one-option',
  'missing-argument',
  'option-needs-value',
  'missing-option',
]);

/** An error with the placeholders of its reason in the user's language. */
export function withSaidPlaceholders(error: AppErrorInfo, messages: CliMessages): AppErrorInfo {
  const { reason } = error.data;
  if (typeof reason !== 'object' || !namingReasons.has(reason.reason)) return error;
  const data = Object.fromEntries(
    Object.entries(reason.data ?? {}).map(([name, value]) => [
      name,
      typeof value === 'string' ? withPlaceholders(value, messages) : value,
    ]),
  );
  return { ...error, data: { ...error.data, reason: { ...reason, data } } };
}
