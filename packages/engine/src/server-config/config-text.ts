/** Lines of a configuration, in groups. */
export type Lines = string | readonly Lines[];

/** How wide a comment is, in columns. */
const commentWidth = 96;

/** A comment of as many lines as it needs. */
export const comment = (text: string): string[] =>
  wrap(text, commentWidth).map((line) => `# ${line}`.trimEnd());

/** What stands in braces behind `header`. */
export const block = (header: string, ...lines: Lines[]): Lines => [
  `${header} {`,
  flat(lines).map((line) => (line === '' ? '' : `    ${line}`)),
  '}',
];

/** The whole file. */
export const configText = (...lines: Lines[]): string => `${flat(lines).join('\n')}\n`;

/** Sentences with what is filled in, where they have `{{name}}`. */
export const filled = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replaceAll(/\{\{(\w+)\}\}/g, (whole, name: string) => values[name] ?? whole);

/** What stands before and what stands behind, in columns. */
export function table(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([name]) => columns(name)));
  return rows.map(([name, text]) => `# ${name}${' '.repeat(width - columns(name) + 3)}${text}`);
}

const flat = (lines: Lines): string[] =>
  typeof lines === 'string' ? [lines] : lines.flatMap(flat);

/** Between Chinese characters a line can end anywhere but before a mark that closes. */
const pieces =
  /[\p{Script=Han}“（][，。；：？！、”）]*|[，。；：？！、”）]+|\s+|[^\s\p{Script=Han}“（，。；：？！、”）]+[，。；：？！、”）]*/gu;

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of text.match(pieces) ?? []) {
    if (columns(line) + columns(piece) > width && line !== '') {
      lines.push(line.trimEnd());
      line = '';
    }
    if (line !== '' || piece.trim() !== '') line += piece;
  }
  return [...lines, line.trimEnd()];
}

/** How wide it is where it is read: Chinese characters and their marks are two columns wide. */
const columns = (text: string): number =>
  text.length + (text.match(/[\u2e80-\ua4cf\uf900-\ufaff\uff00-\uff60]/gu)?.length ?? 0);
