/** What stands bare in a configuration of nginx. */
const bare = /^[A-Za-z0-9_./:@=%+,?&[\]~*-]+$/;

/**
 * One argument of a directive, in quotes where it needs them. Between quotes nginx knows the backslash before a quote, a
 * backslash and t, r and n, and nothing else; control characters have been refused before.
 */
export const argument = (text: string): string =>
  bare.test(text) ? text : `"${text.replaceAll(/[\\"]/g, String.raw`\$&`)}"`;

export const directive = (name: string, ...values: string[]): string =>
  `${[name, ...values.map(argument)].join(' ')};`;

/**
 * The first character of a text that no configuration can hold, or `undefined`. In a path of nginx a `$` begins a
 * variable, and there is no way to write one that does not.
 */
export function nginxCannotHold(text: string, kind: 'path' | 'text'): string | undefined {
  const refused = kind === 'path' ? /[\p{Cc}\p{Cs}$]/u : /[\p{Cc}\p{Cs}]/u;
  return refused.exec(text)?.[0];
}
